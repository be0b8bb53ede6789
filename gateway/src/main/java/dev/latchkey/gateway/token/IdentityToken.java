package dev.latchkey.gateway.token;

/**
 * The signed statement to a backend of who is calling: a compact JWS that any JWT library verifies.
 *
 * @param credentials the token behind its scheme (RFC 6750 section 2.1), as each request to the backend has it
 */
public record IdentityToken(String credentials) implements BackendToken {

    private static final String SCHEME = "Bearer ";

    /** Of a compact JWS. */
    public static IdentityToken of(String value) {
        return new IdentityToken(SCHEME + value);
    }

    /** The compact JWS. */
    public String value() {
        return credentials.substring(SCHEME.length());
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "IdentityToken[hidden]";
    }
}
