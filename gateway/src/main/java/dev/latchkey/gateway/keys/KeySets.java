package dev.latchkey.gateway.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.crypto.SecretKey;

/**
 * Everything the gateway signs and verifies with, as one value that is swapped whole.
 *
 * @param identity the keys of the configured algorithm, or all where none is configured
 * @param otherIdentity identity keys of the other algorithm, published because of what they signed before the setting
 *     changed
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
     * @param algorithm that of the keys that may sign identity tokens; empty for any
     */
    static KeySets of(List<KeySet> sets, Optional<IdentityAlgorithm> algorithm, Lifetimes lifetimes) {
        Predicate<TimedKey<IdentityKey>> signs =
                key -> algorithm.filter(only -> only != key.key().algorithm()).isEmpty();
        return new KeySets(
                new KeySchedule<>(sets.stream().map(KeySet::access).toList(), lifetimes.access()),
                new KeySchedule<>(sets.stream().map(KeySet::refresh).toList(), lifetimes.refresh()),
                new KeySchedule<>(identity(sets, signs), lifetimes.identity()),
                identity(sets, signs.negate()));
    }

    /** The identity keys whose tokens backends may meet, now or soon. */
    List<TimedKey<IdentityKey>> published(Instant now) {
        return Stream.concat(identity.alive(now).stream(), otherIdentity.stream())
                .toList();
    }

    /** Whether any key of the gateway has this id. */
    boolean knows(String id) {
        return access.ids().contains(id)
                || refresh.ids().contains(id)
                || identity.ids().contains(id)
                || otherIdentity.stream().anyMatch(key -> key.id().equals(id));
    }

    private static List<TimedKey<IdentityKey>> identity(List<KeySet> sets, Predicate<TimedKey<IdentityKey>> which) {
        return sets.stream().map(KeySet::identity).filter(which).toList();
    }

    /**
     * How long a key verifies after its successor is active: as long as its last token lives, and two minutes, as a
     * node that looks at the folder once a minute sees the successor at its second look.
     *
     * @param accessTtl of access tokens
     * @param absoluteTimeout of sessions, so of refresh tokens
     * @param identityTtl of identity tokens
     */
    record Lifetimes(Duration accessTtl, Duration absoluteTimeout, Duration identityTtl) {

        private static final Duration MARGIN = Duration.ofMinutes(2);

        Duration access() {
            return accessTtl.plus(MARGIN);
        }

        Duration refresh() {
            return absoluteTimeout.plus(MARGIN);
        }

        Duration identity() {
            return identityTtl.plus(MARGIN);
        }
    }
}
