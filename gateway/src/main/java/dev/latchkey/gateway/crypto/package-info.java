/** SHA-256 and base64url, written once for every package. */
@NullMarked
package dev.latchkey.gateway.crypto;

import org.jspecify.annotations.NullMarked;
