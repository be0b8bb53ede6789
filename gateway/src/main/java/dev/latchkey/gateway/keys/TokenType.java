package dev.latchkey.gateway.keys;

/** The {@code typ} of each kind of token, so that none passes for another (RFC 8725 section 3.11). */
final class TokenType {

    /** RFC 9068 section 2.1. */
    static final String ACCESS = "at+jwt";

    static final String REFRESH = "rt+jwt";

    /** What a stock resource server expects. */
    static final String IDENTITY = "JWT";

    private TokenType() {}
}
