package dev.latchkey.gateway.token;

import dev.latchkey.gateway.crypto.Base64Url;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * The {@code jti} of a token (RFC 7519 section 4.1.7). The one of a refresh token is its <em>branch</em>: two responses
 * with the same generation differ by it.
 *
 * @param high the first 32 bits
 * @param low the other 64
 */
public record TokenId(int high, long low) {

    private static final int BYTES = 12;

    /** The id that a token has as text. */
    public TokenId(String value) {
        this((int) (Base64Url.longAt(wellFormed(value), 0) >>> Integer.SIZE), Base64Url.longAt(value, Integer.SIZE));
    }

    private static String wellFormed(String value) {
        if (!Base64Url.isWellFormed(value, BYTES)) {
            throw new IllegalArgumentException("a token id is 96 bits in base64url");
        }
        return value;
    }

    /** A fresh id. */
    public static TokenId random(SecureRandom random) {
        return new TokenId(Base64Url.random(random, BYTES));
    }

    /** 96 bits in base64url. */
    public String value() {
        return Base64Url.encode(
                ByteBuffer.allocate(BYTES).putInt(high).putLong(low).array());
    }
}
