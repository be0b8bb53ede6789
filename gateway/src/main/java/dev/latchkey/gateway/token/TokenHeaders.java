package dev.latchkey.gateway.token;

/** The headers in which clients without cookies present and receive tokens. */
public final class TokenHeaders {

    /** The reserved family: the gateway passes no such header from a client or a backend. */
    public static final String RESERVED_PREFIX = "latchkey-";

    /** Request: the refresh token to rotate with. Response: the new one. */
    public static final String REFRESH = "Latchkey-Refresh-Token";

    /** Response: the new access token. */
    public static final String ACCESS = "Latchkey-Access-Token";

    /**
     * Request: the proof of a client's key; also the scheme of a token that is bound to one (RFC 9449 sections 4.1,
     * 7.1).
     */
    public static final String DPOP = "DPoP";

    /** To a backend that reads no tokens: who is calling, percent-encoded. */
    public static final String SUBJECT = "Latchkey-Subject";

    /** To a backend that reads no tokens: the caller's roles, each percent-encoded, with commas between. */
    public static final String ROLES = "Latchkey-Roles";

    /** To a backend that reads no tokens: the public id of the session. */
    public static final String SESSION = "Latchkey-Session";

    /** To a backend that reads no tokens: what the caller's OpenID Provider calls them, percent-encoded. */
    public static final String NAME = "Latchkey-Name";

    /** To a backend that reads no tokens: the mail address that the caller's OpenID Provider gave, percent-encoded. */
    public static final String EMAIL = "Latchkey-Email";

    private TokenHeaders() {}

    /** Whether an {@code Authorization} has that scheme, in any case (RFC 9110 section 11.1). */
    public static boolean isByDpop(String authorization) {
        int end = DPOP.length();
        return authorization.regionMatches(true, 0, DPOP, 0, end)
                && (authorization.length() == end || authorization.charAt(end) == ' ');
    }
}
