/** Demonstrating proof of possession (DPoP, RFC 9449): whether a client holds the key that its tokens are bound to. */
@NullMarked
package dev.latchkey.gateway.pipeline.dpop;

import org.jspecify.annotations.NullMarked;
