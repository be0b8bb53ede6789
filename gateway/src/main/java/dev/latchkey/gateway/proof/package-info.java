/**
 * Proofs of possession: a public key, and a JWT that its holder signed (RFC 9449, W3C Device Bound Session
 * Credentials).
 */
@NullMarked
package dev.latchkey.gateway.proof;

import org.jspecify.annotations.NullMarked;
