/** The server's side of a client connection, before the first filter and behind the last: framing, limits, refusals. */
@NullMarked
package dev.latchkey.gateway.listener;

import org.jspecify.annotations.NullMarked;
