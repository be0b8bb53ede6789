package dev.latchkey.gateway.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys that seal, from key sets that tests roll over by a clock of their own. */
public final class SealingKeysOfTests {

    private final List<KeySet> sets = new ArrayList<>();
    private final KeySets.Lifetimes lifetimes;
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    /** @param absoluteTimeout of sessions */
    public SealingKeysOfTests(Duration absoluteTimeout) {
        this.lifetimes = new KeySets.Lifetimes(Duration.ofMinutes(5), absoluteTimeout, Duration.ofMinutes(6));
        rollOver();
    }

    public SealingKeys sealing() {
        return new SealingKeys(() -> KeySets.of(sets, Optional.empty(), lifetimes), () -> now);
    }

    /** A further set, active at once. */
    public void rollOver() {
        sets.add(KeySet.make(IdentityAlgorithm.ES256, now, now));
        pass(Duration.ofSeconds(1));
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }
}
