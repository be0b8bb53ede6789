package dev.latchkey.gateway.keys;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SignatureAlgorithm;

/** The algorithms with which identity tokens may be signed (RFC 7518 section 3.1). */
public enum IdentityAlgorithm {
    /** Costly to sign and cheap to verify: for backends that verify each request with the JDK's own provider. */
    RS256,
    /** Cheap to sign, and small; cheap to verify with native code. */
    ES256;

    /** What a new folder of keys gets. */
    public static final IdentityAlgorithm DEFAULT = ES256;

    SignatureAlgorithm jws() {
        return this == RS256 ? Jwts.SIG.RS256 : Jwts.SIG.ES256;
    }
}
