/** Tokens that are bound to a key of their client (DPoP, RFC 9449). */
@NullMarked
package dev.latchkey.gateway.token.dpop;

import org.jspecify.annotations.NullMarked;
