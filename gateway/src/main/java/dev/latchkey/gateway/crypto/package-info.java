/** SHA-256, HMAC, base64url and native signatures, written once for every package. */
@NullMarked
package dev.latchkey.gateway.crypto;

import org.jspecify.annotations.NullMarked;
