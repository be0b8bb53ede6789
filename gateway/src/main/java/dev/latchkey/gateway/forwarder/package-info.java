/**
 * Carries one exchange with a backend over HTTP/1.1 (RFC 9112) on the event loop of the client's connection, streaming
 * both ways; with pools of connections by event loop and endpoint. It knows nothing of routes, and only Netty.
 */
@NullMarked
package dev.latchkey.gateway.forwarder;

import org.jspecify.annotations.NullMarked;
