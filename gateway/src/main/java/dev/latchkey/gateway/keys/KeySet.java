package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.Base64Url;
import io.jsonwebtoken.Jwts;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import javax.crypto.SecretKey;

/** One key for each purpose, made and activated together. */
record KeySet(
        Instant created, TimedKey<SecretKey> access, TimedKey<SecretKey> refresh, TimedKey<IdentityKey> identity) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 9;

    /** Fresh keys; making an RSA pair takes most of a second. */
    static KeySet make(IdentityAlgorithm algorithm, Instant created, Instant activateAt) {
        String identityId = randomId();
        IdentityKey identity =
                IdentityKey.of(identityId, algorithm, algorithm.jws().keyPair().build());
        return new KeySet(
                created,
                new TimedKey<>(randomId(), activateAt, secret()),
                new TimedKey<>(randomId(), activateAt, secret()),
                new TimedKey<>(identityId, activateAt, identity));
    }

    List<String> ids() {
        return List.of(access.id(), refresh.id(), identity.id());
    }

    private static SecretKey secret() {
        return Jwts.SIG.HS256.key().build();
    }

    private static String randomId() {
        return Base64Url.random(RANDOM, ID_BYTES);
    }
}
