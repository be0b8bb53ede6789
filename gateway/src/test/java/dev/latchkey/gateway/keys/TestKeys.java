package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.ReloadStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Keys in memory: made once a run, for an RSA pair takes its time. */
public final class TestKeys {

    /** When the keys of these fixtures became active. */
    public static final Instant ACTIVE_SINCE = Instant.parse("2020-01-01T00:00:00Z");

    static final KeyLifetimes LIVES = new KeyLifetimes(Duration.ofMinutes(5), Duration.ofDays(30));
    static final KeySet RSA = KeySet.make(IdentityAlgorithm.RS256, ACTIVE_SINCE, ACTIVE_SINCE);
    static final KeySet EC = KeySet.make(IdentityAlgorithm.ES256, ACTIVE_SINCE, ACTIVE_SINCE);

    private TestKeys() {}

    /** What a watch over a folder tells, where nobody asks. */
    static ReloadStatus status() {
        return new ReloadStatus("keys", InstantSource.system(), new SimpleMeterRegistry());
    }

    static KeyRing ring() {
        return new KeyRing(KeySets.of(List.of(RSA), IdentityAlgorithm.RS256, LIVES));
    }

    static KeyRing ecRing() {
        return new KeyRing(KeySets.of(List.of(EC), IdentityAlgorithm.ES256, LIVES));
    }

    /** The JWK set that a backend would read to verify what {@link TestTokens#identitySigner} signs. */
    public static String jwks() {
        return "{\"keys\":[" + RSA.identity().key().publicJwk() + "]}";
    }
}
