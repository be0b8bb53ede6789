package dev.latchkey.gateway.keys;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/** The algorithms with which identity tokens may be signed (RFC 7518 section 3.1). */
public enum IdentityAlgorithm {
    /** Costly to sign and cheap to verify: for backends that verify each request with the JDK's own provider. */
    RS256("SHA256withRSA"),
    /** Cheap to sign, and small; cheap to verify with native code. */
    ES256("SHA256withECDSA");

    /** What a new folder of keys gets. */
    public static final IdentityAlgorithm DEFAULT = ES256;

    private final String signature;

    IdentityAlgorithm(String signature) {
        this.signature = signature;
    }

    SignatureAlgorithm jws() {
        return this == RS256 ? Jwts.SIG.RS256 : Jwts.SIG.ES256;
    }

    /** Whether the public key verifies what the private one signs. */
    boolean isPair(KeyPair pair) {
        try {
            Signature signing = Signature.getInstance(signature);
            signing.initSign(pair.getPrivate());
            signing.update(new byte[1]);
            Signature verifying = Signature.getInstance(signature);
            verifying.initVerify(pair.getPublic());
            verifying.update(new byte[1]);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }
}
