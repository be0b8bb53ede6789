/**
 * Carries a WebSocket (RFC 6455) that a client and a backend have agreed on: bytes both ways, as they are. It follows
 * where frames begin, only to say why it ends one. It knows nothing of routes and sessions, and only Netty.
 */
@NullMarked
package dev.latchkey.gateway.tunnel;

import org.jspecify.annotations.NullMarked;
