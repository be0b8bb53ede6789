package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Keys in memory: made once a run, for an RSA pair takes its time. */
public final class TestKeys {

    /** When the keys of these fixtures became active. */
    public static final Instant ACTIVE_SINCE = Instant.parse("2020-01-01T00:00:00Z");

    static final KeySets.Lifetimes LIVES =
            new KeySets.Lifetimes(Duration.ofMinutes(5), Duration.ofDays(30), Duration.ofMinutes(6));
    static final KeySet RSA = KeySet.make(IdentityAlgorithm.RS256, ACTIVE_SINCE, ACTIVE_SINCE);
    static final KeySet EC = KeySet.make(IdentityAlgorithm.ES256, ACTIVE_SINCE, ACTIVE_SINCE);

    private TestKeys() {}

    /** A folder, followed by a node that signs identity tokens with this algorithm. */
    static ReloadableFile<KeySets> follow(Path folder, IdentityAlgorithm algorithm) {
        return follow(folder, algorithm, status());
    }

    static ReloadableFile<KeySets> follow(Path folder, IdentityAlgorithm algorithm, ReloadStatus status) {
        return new ReloadableFile<>(new KeyFolder(folder, Optional.of(algorithm), LIVES), status);
    }

    static ReloadStatus status() {
        return new ReloadStatus("keys", InstantSource.system(), new SimpleMeterRegistry());
    }

    static Supplier<KeySets> rsaKeys() {
        KeySets keys = KeySets.of(List.of(RSA), Optional.of(IdentityAlgorithm.RS256), LIVES);
        return () -> keys;
    }

    static Supplier<KeySets> ecKeys() {
        KeySets keys = KeySets.of(List.of(EC), Optional.of(IdentityAlgorithm.ES256), LIVES);
        return () -> keys;
    }

    /** The JWK set that a backend would read to verify what {@link TestTokens#identitySigner} signs. */
    public static String jwks() {
        return "{\"keys\":[" + RSA.identity().key().publicJwk() + "]}";
    }
}
