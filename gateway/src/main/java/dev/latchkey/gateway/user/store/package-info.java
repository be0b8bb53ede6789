/**
 * Users whom the node looks up one by one outside of itself, such as in a database: what a store has to offer, and how
 * it is asked.
 */
@NullMarked
package dev.latchkey.gateway.user.store;

import org.jspecify.annotations.NullMarked;
