package dev.latchkey.gateway.keys;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.crypto.SecretKey;

/**
 * Everything the gateway signs and verifies with, as one value that is swapped whole.
 *
 * @param identity the keys of the algorithm that is set
 * @param otherIdentity identity keys of the other algorithm: published, for what they signed before the setting changed
 */
record KeySets(
        KeySchedule<SecretKey> access,
        KeySchedule<SecretKey> refresh,
        KeySchedule<IdentityKey> identity,
        List<TimedKey<IdentityKey>> otherIdentity) {

    /**
     * All sets side by side.
     *
     * @param sets at least one with an identity key of this algorithm
     */
    static KeySets of(List<KeySet> sets, IdentityAlgorithm algorithm, KeyLifetimes lives) {
        return new KeySets(
                new KeySchedule<>(sets.stream().map(KeySet::access).toList(), lives.access()),
                new KeySchedule<>(sets.stream().map(KeySet::refresh).toList(), lives.refresh()),
                new KeySchedule<>(identity(sets, key -> key.key().algorithm() == algorithm), lives.identity()),
                identity(sets, key -> key.key().algorithm() != algorithm));
    }

    /** The identity keys that backends may meet, or will soon. */
    List<TimedKey<IdentityKey>> published(Instant now) {
        return Stream.concat(identity.alive(now).stream(), otherIdentity.stream())
                .toList();
    }

    /** Whether a key of the gateway, of whatever purpose, has this id. */
    boolean knows(String id) {
        return access.ids().contains(id)
                || refresh.ids().contains(id)
                || identity.ids().contains(id)
                || otherIdentity.stream().anyMatch(key -> key.id().equals(id));
    }

    private static List<TimedKey<IdentityKey>> identity(List<KeySet> sets, Predicate<TimedKey<IdentityKey>> which) {
        return sets.stream().map(KeySet::identity).filter(which).toList();
    }
}
