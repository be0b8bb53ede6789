/** Compares two states of the routes, by what they say and by what happens to requests. */
@NullMarked
package dev.latchkey.gateway.routes.diff;

import org.jspecify.annotations.NullMarked;
