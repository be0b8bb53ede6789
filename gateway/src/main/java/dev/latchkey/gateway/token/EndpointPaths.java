package dev.latchkey.gateway.token;

/** The paths that the gateway answers itself, which no route can take. */
public final class EndpointPaths {

    /** Everything at and below it: sign-in, sessions, tokens. */
    public static final String AUTH = "/auth";

    /** The sign-in page. */
    public static final String SIGN_IN = AUTH + "/sign-in";

    /** The public identity keys (RFC 7517 section 5). */
    public static final String JWKS = "/.well-known/jwks.json";

    private EndpointPaths() {}
}
