package dev.latchkey.gateway.token;

/**
 * An access token as it stands on the wire: a JWS of {@code typ: at+jwt} (RFC 9068).
 *
 * @param value the compact serialization, not verified by being here
 */
public record AccessToken(String value) {

    /** Never shows the token. */
    @Override
    public String toString() {
        return "AccessToken[hidden]";
    }
}
