package dev.latchkey.gateway.token;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The {@code jti} of a token (RFC 7519 section 4.1.7). Of a refresh token it is the <em>branch</em>: two answers for
 * one generation differ by it.
 *
 * @param value 16 characters of base64url, 96 random bits
 */
public record TokenId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{16}");
    private static final int BYTES = 12;

    public TokenId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a token id is 96 bits in base64url");
        }
    }

    /** A fresh id. */
    public static TokenId random(SecureRandom random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return new TokenId(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }
}
