/** Sessions in Redis, and their rotation: one script, one round trip. */
@NullMarked
package dev.latchkey.gateway.session;

import org.jspecify.annotations.NullMarked;
