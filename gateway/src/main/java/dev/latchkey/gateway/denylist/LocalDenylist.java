package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * This node's copy of the denylist: entries by session, a map a shard as in Redis, and {@code notBefore} and roles by
 * user. A look-up takes the same time however many there are, and nothing is forgotten before its end. An entry for
 * which there is no room makes the copy incomplete.
 */
final class LocalDenylist {

    private final List<Map<SessionId, DenylistEntry>> shards;
    private final Map<Subject, Instant> users = new ConcurrentHashMap<>();
    private final Map<Subject, RolesEntry> roles = new ConcurrentHashMap<>();
    private volatile Duration userLife;
    private final Duration accessLife;
    private final int most;
    private final Freshness freshness;
    private final List<RevocationListener> listeners;

    /**
     * @param userLife how long a user's {@code notBefore} is kept until this node has read how long sessions can live
     * @param accessLife how long an entry of a revoked session or of changed roles is kept at least: a node whose
     *     access tokens live shorter than those of this one may have written it
     * @param most how many entries there may be, and how many users
     * @param listeners are called for each revocation that is new to this node
     */
    LocalDenylist(
            Duration userLife, Duration accessLife, int most, Freshness freshness, List<RevocationListener> listeners) {
        this.userLife = userLife;
        this.accessLife = accessLife;
        this.most = most;
        this.freshness = freshness;
        this.listeners = List.copyOf(listeners);
        this.shards = IntStream.range(0, Shard.COUNT)
                .<Map<SessionId, DenylistEntry>>mapToObj(shard -> new ConcurrentHashMap<>())
                .toList();
    }

    Freshness freshness() {
        return freshness;
    }

    /** @param clock read only if something is known of the session, as it mostly is not */
    boolean refuses(SessionId session, Generation generation, InstantSource clock) {
        DenylistEntry entry = entry(session);
        return entry != null && entry.refuses(generation, clock.instant());
    }

    boolean isRevoked(SessionId session) {
        DenylistEntry entry = entry(session);
        return entry != null && entry.isRevoked();
    }

    private @Nullable DenylistEntry entry(SessionId session) {
        return of(Shard.of(session)).get(session);
    }

    boolean refusesUser(Subject subject, Instant authTime) {
        return refusesUser(subject, authTime.toEpochMilli());
    }

    /** @param authTime in milliseconds since 1970, as Redis counts them */
    boolean refusesUser(Subject subject, long authTime) {
        Instant notBefore = users.get(subject);
        return notBefore != null && Instant.ofEpochMilli(authTime).isBefore(notBefore);
    }

    Optional<Instant> notBefore(Subject subject) {
        return Optional.ofNullable(users.get(subject));
    }

    boolean knowsUser(Subject subject, Instant notBefore) {
        Instant known = users.get(subject);
        return known != null && !known.isBefore(notBefore);
    }

    /** Whether any {@code notBefore} or roles of the user are kept. */
    boolean knowsAnythingOf(Subject subject) {
        return users.containsKey(subject) || roles.containsKey(subject);
    }

    /** Which of these roles an access token of the user may have. */
    Roles remaining(Subject subject, Roles carried, InstantSource clock) {
        RolesEntry entry = roles.get(subject);
        return entry == null || entry.hasEnded(clock.instant()) ? carried : carried.retaining(entry.roles());
    }

    /** Adds to what is known of the session; false where there is no room for one more. */
    boolean take(SessionId session, DenylistEntry entry) {
        boolean isNews = entry.isRevoked() && !isRevoked(session);
        int mostInShard = Math.max(1, most / Shard.COUNT);
        DenylistEntry lasting = entry.lasting(accessLife);
        boolean isTaken = put(of(Shard.of(session)), mostInShard, session, lasting, DenylistEntry::with);
        if (isNews) {
            listeners.forEach(listener -> listener.sessionRevoked(session));
        }
        return isTaken;
    }

    /**
     * Adds to what is known of the user, whose {@code notBefore} never goes down; false where there is no room for one
     * more.
     */
    boolean takeUser(Subject subject, Instant notBefore) {
        boolean isNews = !knowsUser(subject, notBefore);
        boolean isTaken = put(users, most, subject, notBefore, (one, other) -> one.isAfter(other) ? one : other);
        if (isNews) {
            listeners.forEach(listener -> listener.userRevoked(subject, notBefore));
        }
        return isTaken;
    }

    /** Stores the user's roles, if they are newer; false where there is no room for one more. */
    boolean takeRoles(Subject subject, RolesEntry entry, Instant now) {
        RolesEntry known = roles.get(subject);
        boolean isNews = known == null || known.revision() < entry.revision();
        boolean isTaken = put(roles, most, subject, entry.lasting(accessLife, now), RolesEntry::orNewer);
        if (isNews) {
            listeners.forEach(listener -> listener.rolesChanged(subject, entry.roles()));
        }
        return isTaken;
    }

    private <K, V> boolean put(Map<K, V> known, int room, K key, V value, BinaryOperator<V> both) {
        if (known.size() >= room && !known.containsKey(key)) {
            freshness.markFull();
            return false;
        }
        known.merge(key, value, both);
        return true;
    }

    /** What is known of a shard and not, or not as strictly, among what was read of it. */
    Map<SessionId, DenylistEntry> missing(Shard shard, Map<SessionId, DenylistEntry> read, Instant now) {
        Map<SessionId, DenylistEntry> missing = new HashMap<>();
        of(shard).forEach((session, entry) -> {
            DenylistEntry there = read.get(session);
            if (!entry.hasEnded(now) && (there == null || !entry.isWithin(there))) {
                missing.put(session, entry);
            }
        });
        return missing;
    }

    /** The users whose {@code notBefore} is known and was not read, or only an earlier one. */
    Map<Subject, Instant> missingUsers(Map<Subject, Instant> read, Instant now) {
        Map<Subject, Instant> missing = new HashMap<>();
        users.forEach((subject, notBefore) -> {
            Instant there = read.get(subject);
            if (!hasEnded(notBefore, now) && (there == null || there.isBefore(notBefore))) {
                missing.put(subject, notBefore);
            }
        });
        return missing;
    }

    /** The roles that are known and were not read, or only older ones. */
    Map<Subject, RolesEntry> missingRoles(Map<Subject, RolesEntry> read, Instant now) {
        Map<Subject, RolesEntry> missing = new HashMap<>();
        roles.forEach((subject, entry) -> {
            RolesEntry there = read.get(subject);
            if (entry.ends().isAfter(now) && (there == null || there.revision() < entry.revision())) {
                missing.put(subject, entry);
            }
        });
        return missing;
    }

    /** The revoked sessions of a shard. */
    Map<SessionId, DenylistEntry> revoked(Shard shard) {
        Map<SessionId, DenylistEntry> revoked = new HashMap<>(of(shard));
        revoked.values().removeIf(entry -> !entry.isRevoked());
        return revoked;
    }

    void forgetEnded(Instant now) {
        shards.forEach(shard -> shard.values().removeIf(entry -> entry.hasEnded(now)));
        users.values().removeIf(notBefore -> hasEnded(notBefore, now));
        roles.values().removeIf(entry -> entry.hasEnded(now));
    }

    /** How long a user's {@code notBefore} is kept from now on: as long as any session can live. */
    void keepUsersFor(Duration longest) {
        userLife = longest;
    }

    /** Whether no session can be alive that began before a user's {@code notBefore}. */
    boolean hasEnded(Instant notBefore, Instant now) {
        return !notBefore.plus(userLife).isAfter(now);
    }

    /** Users and their {@code notBefore}, as they are now; not to be written to. */
    Map<Subject, Instant> deniedUsers() {
        return Collections.unmodifiableMap(users);
    }

    Map<Subject, RolesEntry> changedRoles() {
        return Collections.unmodifiableMap(roles);
    }

    Map<SessionId, DenylistEntry> entries(Shard shard) {
        return Collections.unmodifiableMap(of(shard));
    }

    /** How long a user's {@code notBefore} counts. */
    Duration userLife() {
        return userLife;
    }

    int sessions() {
        return shards.stream().mapToInt(Map::size).sum();
    }

    int users() {
        return users.size();
    }

    private Map<SessionId, DenylistEntry> of(Shard shard) {
        return shards.get(shard.number());
    }
}
