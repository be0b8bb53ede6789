package dev.latchkey.gateway.token;

/** The signed statement to a backend of who is calling: a compact JWS that any JWT library verifies. */
public record IdentityToken(String value) {

    /** Never shows the token. */
    @Override
    public String toString() {
        return "IdentityToken[hidden]";
    }
}
