package dev.latchkey.gateway.keys;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SignatureAlgorithm;

/** The algorithms with which identity tokens may be signed (RFC 7518 section 3.1). */
public enum IdentityAlgorithm {
    /** Cheap to verify, which backends do for each request. */
    RS256,
    /** Small keys and signatures. */
    ES256;

    SignatureAlgorithm jws() {
        return this == RS256 ? Jwts.SIG.RS256 : Jwts.SIG.ES256;
    }
}
