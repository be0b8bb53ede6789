package dev.latchkey.gateway.keys;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SignatureAlgorithm;

/** With what identity tokens may be signed (RFC 7518 section 3.1); nothing else is on the list. */
public enum IdentityAlgorithm {
    /** Cheap to verify, so that backends, which verify at every request, pay little. */
    RS256,
    /** Small keys and signatures. */
    ES256;

    SignatureAlgorithm jws() {
        return this == RS256 ? Jwts.SIG.RS256 : Jwts.SIG.ES256;
    }
}
