package dev.latchkey.gateway.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All keys for one purpose, in the order of their activation. The newest active one signs; each verifies until the last
 * token that it can have signed has expired.
 */
final class KeySchedule<K> {

    private final List<Held<K>> byActivation;
    private final Map<String, Held<K>> byId = new LinkedHashMap<>();

    /**
     * @param keys at least one, each with an id of its own
     * @param longestLife of what these keys sign
     */
    KeySchedule(Collection<TimedKey<K>> keys, Duration longestLife) {
        byActivation = inOrder(keys, longestLife);
        byActivation.forEach(held -> byId.put(held.key.id(), held));
    }

    /** The newest active key; the oldest if a slow clock makes none active yet. One key alone needs no clock. */
    TimedKey<K> signing(InstantSource clock) {
        int newest = byActivation.size() - 1;
        while (newest > 0 && byActivation.get(newest).key.activateAt().isAfter(clock.instant())) {
            newest--;
        }
        return byActivation.get(newest).key;
    }

    /** The key of this id, unless it has retired. */
    Optional<K> verifying(String id, Instant now) {
        return Optional.ofNullable(byId.get(id))
                .filter(held -> held.isAlive(now))
                .map(held -> held.key.key());
    }

    /** All keys that have not retired, those included that do not sign yet. */
    List<TimedKey<K>> alive(Instant now) {
        return byActivation.stream()
                .filter(held -> held.isAlive(now))
                .map(Held::key)
                .toList();
    }

    /** When the key of this id retires; empty if no other key is to follow it. */
    Optional<Instant> retiresAt(String id) {
        return Optional.ofNullable(byId.get(id)).map(Held::retiresAt).filter(Instant.MAX::isAfter);
    }

    /** The ids of all keys, retired ones included. */
    Set<String> ids() {
        return byId.keySet();
    }

    private static <K> List<Held<K>> inOrder(Collection<TimedKey<K>> keys, Duration longestLife) {
        List<TimedKey<K>> sorted = keys.stream()
                .sorted(Comparator.comparing((TimedKey<K> key) -> key.activateAt())
                        .thenComparing(TimedKey::id))
                .toList();
        List<Held<K>> held = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            boolean last = i == sorted.size() - 1;
            Instant retiresAt =
                    last ? Instant.MAX : sorted.get(i + 1).activateAt().plus(longestLife);
            held.add(new Held<>(sorted.get(i), retiresAt));
        }
        return List.copyOf(held);
    }

    private record Held<K>(TimedKey<K> key, Instant retiresAt) {

        boolean isAlive(Instant now) {
            return now.isBefore(retiresAt);
        }
    }
}
