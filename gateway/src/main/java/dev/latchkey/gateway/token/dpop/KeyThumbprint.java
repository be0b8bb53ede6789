package dev.latchkey.gateway.token.dpop;

import dev.latchkey.gateway.crypto.Base64Url;

/**
 * The key whose holder alone may use a token: the confirmation method {@code jkt} (RFC 9449 section 6.1) of a token's
 * {@code cnf} (RFC 7800 section 3.1).
 *
 * @param value the SHA-256 of the key's canonical JWK (RFC 7638), as 43 characters of base64url
 */
public record KeyThumbprint(String value) {

    private static final int BYTES = 32;

    public KeyThumbprint {
        if (!Base64Url.isWellFormed(value, BYTES)) {
            throw new IllegalArgumentException("the thumbprint of a key is 256 bits in base64url");
        }
    }
}
