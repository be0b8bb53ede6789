package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** How fresh and how large this node's copy of the denylist is, for operators; read when it is asked for. */
@Component
public final class LocalDenylistReport implements MeterBinder {

    private final LocalDenylist local;
    private final EndedSessions ended;
    private final HashReader hashes;

    LocalDenylistReport(LocalDenylist local, EndedSessions ended, HashReader hashes) {
        this.local = local;
        this.ended = ended;
        this.hashes = hashes;
    }

    /** Whether the copy answers alone; otherwise each request reads Redis. */
    public boolean isFresh() {
        return local.freshness().isFresh();
    }

    /** How long ago the copy was last known to be complete. */
    public Duration age() {
        return local.freshness().age();
    }

    /** How many sessions have an entry. */
    public int sessions() {
        return local.sessions();
    }

    /** How many users have a {@code notBefore}. */
    public int users() {
        return local.users();
    }

    /** How many sessions that have ended are remembered until they would have ended by themselves. */
    public int ended() {
        return ended.size();
    }

    /** In how many of the shards Redis was found to have lost tombstones: it was restored from an older copy. */
    public int restoredShards() {
        return ended.losses();
    }

    /** How many entries there are in Redis that cannot be read. */
    public int unreadable() {
        return hashes.unreadable();
    }

    /**
     * The next entries that have something left to refuse: users, then changed roles, then sessions. Nothing is kept
     * between two pages: what changes meanwhile is in the next one, or in none. Looks at all users of the copy, or at
     * the sessions of one shard and the next, so it is not for an event loop.
     *
     * @param after where the page before ended
     * @param limit how many at most, from 1
     */
    public Page page(Mark after, int limit, Instant now) {
        List<Row> rows = new ArrayList<>();
        if (after.kind == Kind.USER) {
            rows.addAll(users(after.id, limit, now));
        }
        if (after.kind != Kind.SESSION) {
            rows.addAll(roles(after.kind == Kind.ROLES ? after.id : "", limit - rows.size(), now));
        }
        boolean isAmong = after.kind == Kind.SESSION;
        for (int number = isAmong ? after.shard : 0; number < Shard.COUNT && rows.size() < limit; number++) {
            String from = isAmong && number == after.shard ? after.id : "";
            rows.addAll(sessions(new Shard(number), from, limit - rows.size(), now));
        }
        Row last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
        return new Page(rows, last == null || rows.size() < limit ? Optional.empty() : Optional.of(last.mark()));
    }

    private List<Row> users(String after, int room, Instant now) {
        return first(
                        local.deniedUsers(),
                        Subject::value,
                        after,
                        room,
                        notBefore -> notBefore.plus(local.userLife()).isAfter(now))
                .entrySet()
                .stream()
                .map(user -> Row.ofUser(
                        user.getKey(), user.getValue(), user.getValue().plus(local.userLife())))
                .toList();
    }

    private List<Row> roles(String after, int room, Instant now) {
        return first(local.changedRoles(), Subject::value, after, room, entry -> !entry.hasEnded(now))
                .entrySet()
                .stream()
                .map(user -> Row.ofRoles(
                        user.getKey(), user.getValue().roles(), user.getValue().until()))
                .toList();
    }

    private List<Row> sessions(Shard shard, String after, int room, Instant now) {
        return first(
                        local.entries(shard),
                        session -> session.publicId().value(),
                        after,
                        room,
                        entry -> !entry.hasEnded(now))
                .entrySet()
                .stream()
                .map(session -> Row.ofSession(shard, session.getKey(), session.getValue()))
                .toList();
    }

    /** The first ones in the order of their ids, without a copy of all. */
    private static <K, V> SortedMap<String, V> first(
            Map<K, V> all, Function<K, String> id, String after, int room, Predicate<V> counts) {
        TreeMap<String, V> first = new TreeMap<>();
        all.forEach((key, value) -> {
            String name = id.apply(key);
            if (room > 0 && name.compareTo(after) > 0 && counts.test(value)) {
                first.put(name, value);
                if (first.size() > room) {
                    first.pollLastEntry();
                }
            }
        });
        return first;
    }

    /** What an entry is about, in the order of pages. */
    public enum Kind {
        USER,
        ROLES,
        SESSION
    }

    /**
     * Where a page ends.
     *
     * @param shard of a session, else 0
     * @param id of the last entry: a subject, or a public session id; empty before the first
     */
    public record Mark(Kind kind, int shard, String id) {

        public static final Mark START = new Mark(Kind.USER, 0, "");

        public Mark {
            if (shard < 0 || shard >= Shard.COUNT) {
                throw new IllegalArgumentException("there is no such shard");
            }
        }

        /** Hides the subject. */
        @Override
        public String toString() {
            return "Mark[" + kind + "]";
        }
    }

    /**
     * Some entries.
     *
     * @param next where the page behind begins; empty behind the last
     */
    public record Page(List<Row> rows, Optional<Mark> next) {

        public Page {
            rows = List.copyOf(rows);
        }
    }

    /**
     * One entry.
     *
     * @param mark what it is about
     * @param until when it has nothing left to refuse
     * @param notBefore of a user: sessions that began earlier are refused
     * @param roles of changed roles: access tokens with others are refused
     * @param entry of a session
     */
    public record Row(
            Mark mark,
            Instant until,
            Optional<Instant> notBefore,
            Optional<Roles> roles,
            Optional<DenylistEntry> entry) {

        static Row ofUser(String subject, Instant notBefore, Instant until) {
            return new Row(
                    new Mark(Kind.USER, 0, subject), until, Optional.of(notBefore), Optional.empty(), Optional.empty());
        }

        static Row ofRoles(String subject, Roles roles, Instant until) {
            return new Row(
                    new Mark(Kind.ROLES, 0, subject), until, Optional.empty(), Optional.of(roles), Optional.empty());
        }

        static Row ofSession(Shard shard, String id, DenylistEntry entry) {
            return new Row(
                    new Mark(Kind.SESSION, shard.number(), id),
                    Instant.ofEpochMilli(entry.expiresAt()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(entry));
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        TimeGauge.builder("latchkey.denylist.age", () -> age().toMillis(), TimeUnit.MILLISECONDS)
                .description("How long ago this node's copy of the denylist was last confirmed to be complete")
                .register(registry);
        gauge(
                        "fresh",
                        () -> isFresh() ? 1 : 0,
                        "1 while this node's copy answers alone, 0 while each request reads Redis")
                .register(registry);
        gauge("entries", this::sessions, "How many entries this node's copy of the denylist holds")
                .tag("kind", "session")
                .register(registry);
        gauge("entries", this::users, "How many entries this node's copy of the denylist holds")
                .tag("kind", "user")
                .register(registry);
        gauge(
                        "ended",
                        this::ended,
                        "Sessions that have ended and are remembered until they would have ended by themselves")
                .register(registry);
        gauge(
                        "restored.shards",
                        this::restoredShards,
                        "Shards of 256 in which Redis was restored from a copy older than an end of a session")
                .register(registry);
        gauge("unreadable", this::unreadable, "Entries of the denylist in Redis that cannot be read and are skipped")
                .register(registry);
    }

    private static Gauge.Builder<Supplier<Number>> gauge(String name, Supplier<Number> value, String description) {
        return Gauge.builder("latchkey.denylist." + name, value).description(description);
    }
}
