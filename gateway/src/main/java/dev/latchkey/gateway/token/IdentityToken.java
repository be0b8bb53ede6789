package dev.latchkey.gateway.token;

/**
 * The signed statement to a backend of who is calling: a JWS that any JWT library verifies.
 *
 * @param value the compact serialization, not verified by being here
 */
public record IdentityToken(String value) {

    /** Never shows the token. */
    @Override
    public String toString() {
        return "IdentityToken[hidden]";
    }
}
