package dev.latchkey.gateway.token;

/** A refresh token as sent, not verified: a compact JWS of {@code typ: rt+jwt} (RFC 6749 section 1.5). */
public record RefreshToken(String value) {

    /** Never shows the token. */
    @Override
    public String toString() {
        return "RefreshToken[hidden]";
    }
}
