/**
 * HTTP/2 (RFC 9113) on client connections: which connections speak it, its limits, and each stream as HTTP messages.
 */
@NullMarked
package dev.latchkey.gateway.listener.http2;

import org.jspecify.annotations.NullMarked;
