/** Messages as Netty reads and writes them. */
@NullMarked
package dev.latchkey.gateway.http.netty;

import org.jspecify.annotations.NullMarked;
