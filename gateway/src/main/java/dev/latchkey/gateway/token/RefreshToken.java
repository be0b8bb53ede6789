package dev.latchkey.gateway.token;

/**
 * A refresh token as it stands on the wire: a JWS of {@code typ: rt+jwt} (RFC 6749 section 1.5).
 *
 * @param value the compact serialization, not verified by being here
 */
public record RefreshToken(String value) {

    /** Never shows the token. */
    @Override
    public String toString() {
        return "RefreshToken[hidden]";
    }
}
