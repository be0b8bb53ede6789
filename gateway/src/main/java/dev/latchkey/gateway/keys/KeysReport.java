package dev.latchkey.gateway.keys;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Which keys this node signs and verifies with, and which it is going to; never a key itself. */
public final class KeysReport {

    private final Supplier<KeySets> keys;
    private final InstantSource clock;

    KeysReport(Supplier<KeySets> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
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
        String signing = schedule.signing(now).id();
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
        ACCESS_TOKENS,
        REFRESH_TOKENS,
        IDENTITY_TOKENS
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
