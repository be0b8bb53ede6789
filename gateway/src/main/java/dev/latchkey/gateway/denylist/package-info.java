/** Which tokens are refused before their time, read from Redis. */
@NullMarked
package dev.latchkey.gateway.denylist;

import org.jspecify.annotations.NullMarked;
