package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of a shard's sessions that have ended: their fingerprints by the day on which they expire, and
 * one tombstone as a witness. The witness is the newest one that Redis has had for longer than a failover loses: a
 * backup of Redis that lacks any older tombstone of this node lacks this one, too.
 */
final class EndedShard {

    private volatile Map<Long, Fingerprints> known = Map.of();
    private volatile LostTombstones lost = LostTombstones.NONE;
    private volatile @Nullable Witness witness;
    private volatile boolean unshared;
    private Instant read = Instant.MIN;

    /**
     * What is left of a session that has ended, as the scripts write it: {@code reason,ended,expires,subject}.
     *
     * @param ended when, in whole seconds
     * @param expires when the session would have ended by itself, in whole seconds as in its refresh tokens
     */
    record Tombstone(Instant ended, Instant expires) {

        private static final Pattern FORM = Pattern.compile("[^,]*,(\\d{1,12}),(\\d{1,12})(?:,.*)?", Pattern.DOTALL);

        /** Empty if it cannot be read. */
        static Optional<Tombstone> parse(String text) {
            Matcher parts = FORM.matcher(text);
            return parts.matches()
                    ? Optional.of(new Tombstone(second(parts.group(1)), second(parts.group(2))))
                    : Optional.empty();
        }

        private static Instant second(String text) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
    }

    /** A tombstone that Redis must have. */
    record Witness(SessionId session, Tombstone tombstone) {

        private Instant ended() {
            return tombstone.ended();
        }
    }

    boolean knows(SessionId session, Instant expires) {
        return contains(known, session, expires);
    }

    /** Whether it had ended when Redis was found to have lost tombstones. */
    boolean isLost(SessionId session, Instant authTime, Instant expires) {
        LostTombstones then = lost;
        return authTime.isBefore(then.found()) && contains(then.days(), session, expires);
    }

    private static boolean contains(Map<Long, Fingerprints> days, SessionId session, Instant expires) {
        Fingerprints members = days.get(day(expires));
        return members != null && members.contains(Fingerprints.of(session));
    }

    private static long day(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), Duration.ofDays(1).toSeconds());
    }

    Optional<Witness> witness() {
        return Optional.ofNullable(witness);
    }

    LostTombstones lost() {
        return lost;
    }

    /** How many fingerprints it has. Most shards are empty, and all are asked whenever one has been read. */
    int size() {
        return known.isEmpty()
                ? 0
                : known.values().stream().mapToInt(Fingerprints::size).sum();
    }

    /** Whether the tombstones must be read whole: for the first time, after a gap, or to find another witness. */
    synchronized boolean isBehind(Instant now, Duration settled) {
        return read.equals(Instant.MIN) || read.plus(settled).isBefore(now) || (witness == null && !known.isEmpty());
    }

    /**
     * Takes note of what Redis has.
     *
     * @param there the tombstones that were asked for, the witness among them, as far as Redis has them
     * @param settled how long a tombstone must have been in Redis to become the witness
     * @param room how many more may be remembered
     * @return whether Redis has lost tombstones
     */
    synchronized boolean learn(Map<SessionId, Tombstone> there, Instant now, Duration settled, int room) {
        Witness asked = witness;
        boolean isLoss =
                asked != null && asked.tombstone().expires().isAfter(now) && !there.containsKey(asked.session());
        if (isLoss) {
            lose(now);
        }
        forget(now);
        add(there, room);
        there.entrySet().stream()
                .map(entry -> new Witness(entry.getKey(), entry.getValue()))
                .filter(found -> !found.ended().plus(settled).isAfter(now)
                        && found.tombstone().expires().isAfter(now))
                .max(Comparator.comparing(Witness::ended))
                .filter(found -> witness == null || found.ended().isAfter(witness.ended()))
                .ifPresent(found -> witness = found);
        read = now;
        return isLoss;
    }

    /** Redis has lost tombstones: what this node knows has ended, for good. */
    synchronized void lose(Instant now) {
        lost = lost.with(now, known);
        witness = null;
        unshared = true;
    }

    /** Whether other nodes may not know of the last loss yet. */
    boolean hasUnshared() {
        return unshared;
    }

    /** Redis keeps this much of what is lost. */
    synchronized void shared(LostTombstones kept) {
        lost = lost.at(kept.version());
        unshared = !lost.days().equals(kept.days()) || lost.found().isAfter(kept.found());
    }

    /** Other nodes have found this. */
    synchronized void adopt(LostTombstones other) {
        lost = lost.with(other.found(), other.days()).at(other.version());
    }

    private void forget(Instant now) {
        long today = day(now);
        if (known.keySet().stream().anyMatch(day -> day < today)) {
            known = since(known, today);
        }
        if (lost.days().keySet().stream().anyMatch(day -> day < today)) {
            Map<Long, Fingerprints> left = since(lost.days(), today);
            lost = left.isEmpty() ? LostTombstones.NONE : new LostTombstones(lost.version(), lost.found(), left);
        }
        Witness last = witness;
        if (last != null && !last.tombstone().expires().isAfter(now)) {
            witness = null;
        }
    }

    private static Map<Long, Fingerprints> since(Map<Long, Fingerprints> days, long today) {
        Map<Long, Fingerprints> kept = new HashMap<>(days);
        kept.keySet().removeIf(day -> day < today);
        return Map.copyOf(kept);
    }

    private void add(Map<SessionId, Tombstone> tombstones, int room) {
        Map<Long, List<Integer>> days = new HashMap<>();
        tombstones.forEach(
                (session, tombstone) -> days.computeIfAbsent(day(tombstone.expires()), day -> new ArrayList<>())
                        .add(Fingerprints.of(session)));
        Map<Long, Fingerprints> all = new HashMap<>(known);
        days.forEach((day, more) -> {
            Fingerprints before = all.getOrDefault(day, Fingerprints.NONE);
            all.put(
                    day,
                    before.with(more.stream()
                            .mapToInt(Integer::intValue)
                            .limit(room)
                            .toArray()));
        });
        known = Map.copyOf(all);
    }
}
