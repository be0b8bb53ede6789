package dev.latchkey.gateway.token;

import dev.latchkey.gateway.crypto.Sha256;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An access token as sent, not verified: a compact JWS of {@code typ: at+jwt} (RFC 9068). It refers to the field that
 * it came in, because a token that is known already need not be copied out of it.
 */
public final class AccessToken {

    private final String field;
    private final int from;
    private final int to;

    public AccessToken(String value) {
        this(value, 0, value.length());
    }

    /** The part of a field between these characters, without the last one. */
    public AccessToken(String field, int from, int to) {
        this.field = field;
        this.from = from;
        this.to = to;
    }

    public String value() {
        return field.substring(from, to);
    }

    /**
     * What is read of the SHA-256 of the value.
     *
     * @param read gets 32 bytes, in an array that is filled again later, and keeps nothing of it
     */
    public <T> T hashed(Function<byte[], T> read) {
        return Sha256.of(field, from, to, read);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccessToken that && value().equals(that.value());
    }

    @Override
    public int hashCode() {
        return value().hashCode();
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
