package dev.latchkey.gateway.token;

import dev.latchkey.gateway.crypto.Base64Url;
import java.security.SecureRandom;

/**
 * The {@code jti} of a token (RFC 7519 section 4.1.7). The one of a refresh token is its <em>branch</em>: two responses
 * with the same generation differ by it.
 */
public record TokenId(String value) {

    private static final int BYTES = 12;

    public TokenId {
        if (!Base64Url.isWellFormed(value, BYTES)) {
            throw new IllegalArgumentException("a token id is 96 bits in base64url");
        }
    }

    /** A fresh id. */
    public static TokenId random(SecureRandom random) {
        return new TokenId(Base64Url.random(random, BYTES));
    }
}
