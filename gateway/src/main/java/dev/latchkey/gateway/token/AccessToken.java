package dev.latchkey.gateway.token;

/** An access token as sent, not verified: a compact JWS of {@code typ: at+jwt} (RFC 9068). */
public record AccessToken(String value) {

    /** Never shows the token. */
    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
