/** Which tokens are refused before they expire: in Redis, and in the copy of each node. */
@NullMarked
package dev.latchkey.gateway.denylist;

import org.jspecify.annotations.NullMarked;
