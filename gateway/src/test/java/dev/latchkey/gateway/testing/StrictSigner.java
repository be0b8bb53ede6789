package dev.latchkey.gateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.UUID;

/** The key of {@link StrictProvider}, and what it signs. */
final class StrictSigner {

    /** Every provider's first: to make one takes longer than most tests. */
    private static final RSAKey FIRST = newKey();

    private volatile RSAKey key = FIRST;

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    void roll() {
        key = newKey();
    }

    /** The new key has the old one's name. */
    void rollUnseen() {
        key = new RSAKey.Builder(newKey()).keyID(keyId()).build();
    }

    Map<String, Object> publicKeys() {
        return new JWKSet(key).toJSONObject(true);
    }

    String sign(Map<String, Object> claims, String type) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType(type))
                .keyID(keyId())
                .build();
        return sign(header, claims);
    }

    String keyId() {
        return key.getKeyID();
    }

    /** With a header of the test's. */
    String sign(JWSHeader header, Map<String, Object> claims) {
        try {
            SignedJWT token = new SignedJWT(header, JWTClaimsSet.parse(claims));
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    String signOtherwise(Map<String, Object> claims, JWSAlgorithm algorithm) {
        try {
            JWTClaimsSet set = JWTClaimsSet.parse(claims);
            if (algorithm.getName().equals("none")) {
                return new PlainJWT(set).serialize();
            }
            SignedJWT token = new SignedJWT(new JWSHeader(algorithm), set);
            token.sign(new MACSigner(StrictProvider.SECRET.getBytes(StandardCharsets.UTF_8)));
            return token.serialize();
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }
}
