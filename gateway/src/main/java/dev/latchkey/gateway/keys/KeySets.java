package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.IdentityClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.crypto.SecretKey;

/**
 * Everything the gateway signs and verifies with, as one value that is swapped whole.
 *
 * @param identity the keys of the configured algorithm
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
     */
    static KeySets of(List<KeySet> sets, IdentityAlgorithm algorithm, Lifetimes lifetimes) {
        return new KeySets(
                new KeySchedule<>(sets.stream().map(KeySet::access).toList(), lifetimes.access()),
                new KeySchedule<>(sets.stream().map(KeySet::refresh).toList(), lifetimes.refresh()),
                new KeySchedule<>(identity(sets, key -> key.key().algorithm() == algorithm), lifetimes.identity()),
                identity(sets, key -> key.key().algorithm() != algorithm));
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
     */
    record Lifetimes(Duration accessTtl, Duration absoluteTimeout) {

        private static final Duration MARGIN = Duration.ofMinutes(2);

        Duration access() {
            return accessTtl.plus(MARGIN);
        }

        Duration refresh() {
            return absoluteTimeout.plus(MARGIN);
        }

        Duration identity() {
            return access().plus(IdentityClaims.BEYOND_ACCESS);
        }
    }
}
