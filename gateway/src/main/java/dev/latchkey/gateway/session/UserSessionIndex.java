package dev.latchkey.gateway.session;

import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /** How many that have ended are listed, so that somebody can say why. */
    private static final int MAX_ENDED = 20;

    /** Before the public id of one that has ended; no id has it. */
    private static final String ENDED = "~";

    private static final int AT_ONCE = 16;

    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparing((Entry entry) -> entry.summary().created()).reversed();

    private final RedisClient redis;
    private final PublicSessionIds ids;
    private final InstantSource clock;
    private final Duration life;

    UserSessionIndex(RedisClient redis, PublicSessionIds ids, InstantSource clock, Lifetimes lifetimes) {
        this.redis = redis;
        this.ids = ids;
        this.clock = clock;
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
        return ids.add(session)
                .then(put)
                .onErrorResume(
                        RedisClient::isOfAnotherType,
                        broken -> redis.delete(key).then(put))
                .then(redis.size(key))
                .filter(listed -> listed > MAX_SESSIONS)
                .flatMapMany(listed -> entries(subject))
                .skip(MAX_SESSIONS)
                .map(Entry::session);
    }

    /** One that has just been ended no longer counts. */
    Mono<Void> retire(Subject subject, SessionId session) {
        String key = SessionKeys.ofUser(subject);
        String field = session.publicId().value();
        return redis.put(key, Map.of(ENDED + field, new Ended(clock.instant(), session.value()).text()))
                .then(redis.remove(key, List.of(field)));
    }

    /**
     * All that are listed, and up to {@value #MAX_ENDED} that were found to have ended. Fails on any trouble with
     * Redis.
     */
    public Flux<SessionId> everyone(Subject subject) {
        return listed(subject)
                .flatMapIterable(Map::values)
                .map(value -> Ended.parse(value).map(Ended::session).orElse(value))
                .filter(SessionId::isWellFormed)
                .distinct()
                .map(SessionId::new);
    }

    /** Forgets all of them. Fails on any trouble with Redis. */
    public Mono<Void> forget(Subject subject) {
        return redis.delete(SessionKeys.ofUser(subject));
    }

    /** All that are listed as live; some may have ended. */
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

    /** The live ones, the newest first; of the others the index keeps a few. */
    private Flux<Entry> entries(Subject subject) {
        String key = SessionKeys.ofUser(subject);
        return listed(subject)
                .flatMapMany(listed -> Flux.fromIterable(listed.values())
                        .filter(SessionId::isWellFormed)
                        .map(SessionId::new)
                        .flatMap(this::entry, AT_ONCE)
                        .sort(NEWEST_FIRST)
                        .collectList()
                        .flatMapMany(live -> tidy(key, listed, live).thenMany(Flux.fromIterable(live))));
    }

    /** Those that have ended move behind the live ones, where operators find them. */
    private Mono<Void> tidy(String key, Map<String, String> listed, List<Entry> live) {
        Set<String> alive = live.stream().map(entry -> entry.session().value()).collect(Collectors.toSet());
        Map<String, Ended> ended = new HashMap<>();
        Set<String> gone = new HashSet<>();
        listed.forEach((field, value) -> {
            if (field.startsWith(ENDED)) {
                gone.add(field);
                Ended.parse(value).ifPresent(earlier -> ended.put(field, earlier));
            } else if (!alive.contains(value)) {
                gone.add(field);
                Ended.now(value, clock).ifPresent(now -> ended.putIfAbsent(ENDED + field, now));
            }
        });
        Instant oldest = clock.instant().minus(life);
        Map<String, String> kept = ended.entrySet().stream()
                .filter(entry -> entry.getValue().noticed().isAfter(oldest))
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparing(Ended::noticed).reversed()))
                .limit(MAX_ENDED)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().text()));
        gone.removeAll(kept.keySet());
        kept.keySet().removeAll(listed.keySet());
        return redis.put(key, kept).then(redis.remove(key, gone));
    }

    private Mono<Entry> entry(SessionId session) {
        return redis.entries(SessionKeys.record(session))
                .filter(record -> "active".equals(record.get("state")))
                .map(record -> new Entry(session, SessionSummary.of(session, record)))
                .onErrorResume(UserSessionIndex::isBroken, broken -> Mono.empty());
    }

    /** A broken record is not shown; the session ends at its next rotation. */
    private static boolean isBroken(Throwable failure) {
        return RedisClient.isOfAnotherType(failure) || SessionSummary.isBroken(failure);
    }

    /**
     * One that was found to have ended, in the index as {@code noticed,sid} in seconds: a version before this one does
     * not take that for a session.
     */
    private record Ended(Instant noticed, String session) {

        private static final Pattern FORM = Pattern.compile("(\\d{1,12}),([A-Za-z0-9_-]+)");

        static Optional<Ended> parse(String text) {
            Matcher parts = FORM.matcher(text);
            return parts.matches()
                    ? Optional.of(new Ended(Instant.ofEpochSecond(Long.parseLong(parts.group(1))), parts.group(2)))
                    : Optional.empty();
        }

        static Optional<Ended> now(String session, InstantSource clock) {
            return SessionId.isWellFormed(session)
                    ? Optional.of(new Ended(clock.instant(), session))
                    : Optional.empty();
        }

        String text() {
            return noticed.getEpochSecond() + "," + session;
        }
    }

    private record Entry(SessionId session, SessionSummary summary) {}
}
