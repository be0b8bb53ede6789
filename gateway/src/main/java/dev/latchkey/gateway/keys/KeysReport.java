package dev.latchkey.gateway.keys;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Which keys this node signs and verifies with, and which it is going to; never a key itself. */
public final class KeysReport {

    private final Supplier<KeySets> keys;
    private final InstantSource clock;

    /** Registers, for each use, the age of the key that signs, and when the next one begins to. */
    KeysReport(Supplier<KeySets> keys, InstantSource clock, MeterRegistry meters) {
        this.keys = keys;
        this.clock = clock;
        for (Use use : Use.values()) {
            TimeGauge.builder("latchkey.keys.age", this, TimeUnit.MILLISECONDS, report -> report.age(use))
                    .description("Since when the key has been signing")
                    .tag("use", use.word())
                    .register(meters);
            TimeGauge.builder("latchkey.keys.next.activation", this, TimeUnit.MILLISECONDS, report -> report.next(use))
                    .description("When the next key begins to sign; absent while there is none")
                    .tag("use", use.word())
                    .register(meters);
        }
    }

    private double age(Use use) {
        return of(use, State.SIGNS)
                .map(key -> (double) (clock.millis() - key.activateAt().toEpochMilli()))
                .findFirst()
                .orElse(Double.NaN);
    }

    private double next(Use use) {
        return of(use, State.SIGNS_LATER)
                .mapToDouble(key -> key.activateAt().toEpochMilli())
                .min()
                .orElse(Double.NaN);
    }

    private Stream<KeyState> of(Use use, State state) {
        return all().stream().filter(key -> key.use() == use && key.state() == state);
    }

    /** All that have not retired: by what they are for, and then by when they begin to sign. */
    public List<KeyState> all() {
        KeySets sets = keys.get();
        Instant now = clock.instant();
        return Stream.of(
                        states(Use.ACCESS_TOKENS, sets.access(), now),
                        states(Use.REFRESH_TOKENS, sets.refresh(), now),
                        states(Use.IDENTITY_TOKENS, sets.identity(), now))
                .flatMap(states -> states)
                .toList();
    }

    private static <K> Stream<KeyState> states(Use use, KeySchedule<K> schedule, Instant now) {
        String signing = schedule.signing(InstantSource.fixed(now)).id();
        return schedule.alive(now).stream()
                .map(key -> new KeyState(
                        use, key.id(), key.activateAt(), state(key, signing, now), schedule.retiresAt(key.id())));
    }

    private static State state(TimedKey<?> key, String signing, Instant now) {
        if (key.id().equals(signing)) {
            return State.SIGNS;
        }
        return key.activateAt().isAfter(now) ? State.SIGNS_LATER : State.VERIFIES;
    }

    /** What a key is for. */
    public enum Use {
        ACCESS_TOKENS("access-tokens"),
        REFRESH_TOKENS("refresh-tokens"),
        IDENTITY_TOKENS("identity-tokens");

        private final String word;

        Use(String word) {
            this.word = word;
        }

        /** As it stands in the tags of meters. */
        public String word() {
            return word;
        }
    }

    /** What a key does now. */
    public enum State {
        SIGNS,
        SIGNS_LATER,
        /** What it signed before another key took its place. */
        VERIFIES
    }

    /**
     * One key.
     *
     * @param id its {@code kid} (RFC 7515 section 4.1.4)
     * @param activateAt when it began or begins to sign
     * @param retiresAt when it no longer verifies; empty if no other key is to follow it
     */
    public record KeyState(Use use, String id, Instant activateAt, State state, Optional<Instant> retiresAt) {}
}
