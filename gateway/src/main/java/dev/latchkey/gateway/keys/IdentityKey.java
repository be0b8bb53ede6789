package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.NativeSignatures;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PrivateJwk;
import java.security.KeyPair;
import java.security.PrivateKey;

/**
 * A key pair for identity tokens.
 *
 * @param signing the private key, as {@link NativeSignatures#translate} makes it for those who sign
 * @param privateJwk all of it, as in the key file
 * @param publicJwk the public part: one key of a JWK set (RFC 7517 section 4)
 */
record IdentityKey(IdentityAlgorithm algorithm, PrivateKey signing, String privateJwk, String publicJwk) {

    static IdentityKey of(String id, IdentityAlgorithm algorithm, KeyPair pair) {
        PrivateJwk<?, ?, ?> jwk = Jwks.builder()
                .keyPair(pair)
                .id(id)
                .algorithm(algorithm.name())
                .publicKeyUse("sig")
                .build();
        return new IdentityKey(
                algorithm,
                NativeSignatures.translate(pair.getPrivate()),
                Jwks.UNSAFE_JSON(jwk),
                Jwks.json(jwk.toPublicJwk()));
    }

    /** Never shows the private key. */
    @Override
    public String toString() {
        return "IdentityKey[" + algorithm + "]";
    }
}
