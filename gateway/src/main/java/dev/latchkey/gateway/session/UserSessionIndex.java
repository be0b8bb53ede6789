package dev.latchkey.gateway.session;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A user's sessions by their public ids. The index is in another slot than the sessions, so that it can be incomplete
 * or outdated: reading it repairs it, and no security depends on it alone.
 */
@Component
public final class UserSessionIndex {

    /** A user who signs in once more loses the oldest session. */
    private static final int MAX_SESSIONS = 100;

    private static final int AT_ONCE = 16;

    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparing((Entry entry) -> entry.summary().created()).reversed();

    private final RedisClient redis;
    private final Duration life;

    UserSessionIndex(RedisClient redis, Lifetimes lifetimes) {
        this.redis = redis;
        this.life = lifetimes.absolute();
    }

    /**
     * The user's live sessions, the newest first; a Redis that is away is an outcome, within the command time limit.
     */
    public Mono<RedisResult<List<SessionSummary>>> list(Subject subject) {
        return entries(subject)
                .map(Entry::summary)
                .collectList()
                .<RedisResult<List<SessionSummary>>>map(RedisResult.Answered::new)
                .onErrorResume(Faults.become(new RedisResult.Unavailable<>()));
    }

    /** Adds a session; emits those that are now too many. A key of another type makes room. */
    Flux<SessionId> add(Subject subject, SessionId session) {
        String key = SessionKeys.ofUser(subject);
        Mono<Void> put = redis.put(key, session.publicId().value(), session.value(), life);
        return put.onErrorResume(
                        RedisClient::isOfAnotherType,
                        broken -> redis.delete(key).then(put))
                .then(redis.size(key))
                .filter(listed -> listed > MAX_SESSIONS)
                .flatMapMany(listed -> entries(subject))
                .skip(MAX_SESSIONS)
                .map(Entry::session);
    }

    Mono<Void> remove(Subject subject, SessionId session) {
        return redis.remove(
                SessionKeys.ofUser(subject), List.of(session.publicId().value()));
    }

    /** All that are listed, also those that have ended. */
    Flux<SessionId> all(Subject subject) {
        return listed(subject)
                .flatMapIterable(Map::values)
                .filter(SessionId::isWellFormed)
                .map(SessionId::new);
    }

    /** Those that are listed and began before an instant. */
    Flux<SessionId> begunBefore(Subject subject, Instant before) {
        return all(subject).filterWhen(session -> began(session).map(before::isAfter), AT_ONCE);
    }

    /** A session whose record cannot be read ends at its next rotation. */
    private Mono<Instant> began(SessionId session) {
        return redis.field(SessionKeys.record(session), "created")
                .filter(created -> created.matches("\\d{1,15}"))
                .map(created -> Instant.ofEpochMilli(Long.parseLong(created)))
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty());
    }

    private Mono<Map<String, String>> listed(Subject subject) {
        return redis.entries(SessionKeys.ofUser(subject))
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty());
    }

    Mono<SessionId> find(Subject subject, PublicSessionId session) {
        return redis.field(SessionKeys.ofUser(subject), session.value())
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .filter(SessionId::isWellFormed)
                .map(SessionId::new);
    }

    /** The live ones, the newest first; the others are removed from the index. */
    private Flux<Entry> entries(Subject subject) {
        String key = SessionKeys.ofUser(subject);
        return listed(subject)
                .flatMapMany(listed -> Flux.fromIterable(listed.values())
                        .filter(SessionId::isWellFormed)
                        .map(SessionId::new)
                        .flatMap(this::entry, AT_ONCE)
                        .sort(NEWEST_FIRST)
                        .collectList()
                        .flatMapMany(
                                live -> redis.remove(key, ended(listed, live)).thenMany(Flux.fromIterable(live))));
    }

    private static List<String> ended(Map<String, String> listed, List<Entry> live) {
        List<String> alive = live.stream().map(entry -> entry.session().value()).toList();
        return listed.entrySet().stream()
                .filter(entry -> !alive.contains(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Mono<Entry> entry(SessionId session) {
        return redis.entries(SessionKeys.record(session))
                .filter(record -> "active".equals(record.get("state")))
                .map(record -> new Entry(session, summary(session, record)))
                .onErrorResume(UserSessionIndex::isBroken, broken -> Mono.empty());
    }

    /** A broken record is not shown; the session ends at its next rotation. */
    private static boolean isBroken(Throwable failure) {
        return RedisClient.isOfAnotherType(failure)
                || failure instanceof NumberFormatException
                || failure instanceof ArrayIndexOutOfBoundsException;
    }

    private static SessionSummary summary(SessionId session, Map<String, String> record) {
        long created = Long.parseLong(record.getOrDefault("created", "0"));
        return new SessionSummary(
                session.publicId(),
                Instant.ofEpochMilli(created),
                Instant.ofEpochMilli(created + lastMint(record)),
                Instant.ofEpochMilli(Long.parseLong(record.getOrDefault("expires", "0"))),
                new ClientFacts(record.getOrDefault("agent", ""), record.getOrDefault("address", "")));
    }

    /** The newest of the packed mints, in milliseconds since the session began. */
    private static long lastMint(Map<String, String> record) {
        return Stream.of("0", "1", "2", "3")
                .map(record::get)
                .filter(Objects::nonNull)
                .mapToLong(packed -> Long.parseLong(packed.split(",", -1)[1]))
                .max()
                .orElse(0);
    }

    private record Entry(SessionId session, SessionSummary summary) {}
}
