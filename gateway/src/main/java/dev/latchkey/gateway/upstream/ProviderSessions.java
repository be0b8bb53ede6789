package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which of our sessions belong to a session or a user at a provider, for its back-channel logout (OpenID Connect
 * Back-Channel Logout 1.0). A logout writes a tombstone and then reads the index; a sign-in writes the index and then
 * reads the tombstone: so one of the two sees the other. What a provider calls its sessions and users is in no key.
 */
@Component
final class ProviderSessions {

    static final RedisScript<?> NOTE = TimedScripts.read("dev/latchkey/gateway/upstream/note.lua");

    /** How long a sign-in that was under way at a logout may still be. */
    private static final Duration TOMBSTONE = Duration.ofMinutes(10);

    /** Most of our sessions that are known of one session or user there; the index forgets one beyond that. */
    private static final int MOST = 1000;

    private static final int AT_ONCE = 16;

    /** In a tombstone: when the provider said so. Who signed in there before has been signed out. */
    private static final String LOGGED_OUT = "at";

    /** In a tombstone: when we ended what there was. Who signed in there before may still begin a session here. */
    private static final String ENDED = "ended";

    private static final int MARKS = 2;

    private final TimedScripts scripts;
    private final RedisClient redis;
    private final SessionRevoker revoker;
    private final Duration life;

    ProviderSessions(TimedScripts scripts, RedisClient redis, SessionRevoker revoker, SessionProperties sessions) {
        this.scripts = scripts;
        this.redis = redis;
        this.revoker = revoker;
        this.life = sessions.absoluteTimeout();
    }

    /** Lists a session, and says whether a logout came meanwhile. Fails on any trouble with Redis. */
    Mono<Boolean> add(SessionView session, ProviderUser user) {
        Mono<Void> listed = Flux.fromIterable(places(user.provider(), user.sid(), Optional.of(user.sub())))
                .concatMap(place -> note(place.index(), session.id().value(), "1", life, MOST))
                .then();
        return listed.then(isOver(session.created(), user));
    }

    private Mono<Boolean> isOver(Instant created, ProviderUser user) {
        Mono<Boolean> session = Mono.justOrEmpty(user.sid())
                .flatMap(sid -> redis.field(new Place("sid", user.provider(), sid).tombstone(), LOGGED_OUT))
                .hasElement();
        Mono<Boolean> subject = redis.entries(new Place("sub", user.provider(), user.sub()).tombstone())
                .defaultIfEmpty(Map.of())
                .map(marks -> isBefore(user.authTime(), marks.get(LOGGED_OUT))
                        || isBefore(Optional.of(created), marks.get(ENDED)));
        return session.flatMap(over -> over ? Mono.just(true) : subject);
    }

    /**
     * The provider's times are whole seconds, so that one in the second of the logout counts as before it, and so does
     * one that it does not say.
     */
    private static boolean isBefore(Optional<Instant> began, @Nullable String at) {
        return at != null
                && (began.isEmpty() || !at.matches("\\d{1,15}") || began.get().toEpochMilli() <= Long.parseLong(at));
    }

    /** Ends what belongs to a session or a user there, as the provider says; that there is nothing is not an error. */
    Mono<RevokeOutcome> end(ProviderName provider, Optional<String> sid, Optional<String> sub) {
        return end(places(provider, sid, sub), LOGGED_OUT, RevocationReason.UPSTREAM);
    }

    /** Ends all sessions of a user there, who is not signed out there. */
    Mono<RevokeOutcome> endUser(ProviderName provider, String sub, RevocationReason reason) {
        return end(places(provider, Optional.empty(), Optional.of(sub)), ENDED, reason);
    }

    private Mono<RevokeOutcome> end(List<Place> places, String mark, RevocationReason reason) {
        return Flux.fromIterable(places)
                .concatMap(place -> endAt(place, mark, reason))
                .collectList()
                .map(all -> all.contains(RevokeOutcome.UNAVAILABLE) ? RevokeOutcome.UNAVAILABLE : RevokeOutcome.REVOKED)
                .onErrorResume(UpstreamFaults.become(RevokeOutcome.UNAVAILABLE));
    }

    private Flux<RevokeOutcome> endAt(Place place, String mark, RevocationReason reason) {
        return note(place.tombstone(), mark, "now", TOMBSTONE, MARKS)
                .thenMany(listed(place))
                .flatMap(
                        session -> revoked(session, reason)
                                .flatMap(outcome -> outcome == RevokeOutcome.REVOKED
                                        ? redis.remove(place.index(), List.of(session.value()))
                                                .thenReturn(outcome)
                                        : Mono.just(outcome)),
                        AT_ONCE);
    }

    /** The provider names neither our session nor, for all of its users, our subject, which the audit log must have. */
    private Mono<RevokeOutcome> revoked(SessionId session, RevocationReason reason) {
        return redis.field(SessionKeys.record(session), "sub")
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .filter(Subject::isWellFormed)
                .map(Subject::new)
                .singleOptional()
                .flatMap(owner -> revoker.revoke(owner, session, reason));
    }

    /** The sessions of a user there, at most {@value #MOST}; some may have ended. Fails on any trouble with Redis. */
    Flux<SessionId> of(ProviderName provider, String sub) {
        return listed(new Place("sub", provider, sub));
    }

    /** The sessions that belong to a session there, as {@link #of}. */
    Flux<SessionId> ofSession(ProviderName provider, String sid) {
        return listed(new Place("sid", provider, sid));
    }

    private Flux<SessionId> listed(Place place) {
        return redis.entries(place.index())
                .defaultIfEmpty(Map.of())
                .flatMapIterable(Map::keySet)
                .filter(SessionId::isWellFormed)
                .map(SessionId::new);
    }

    private Mono<Void> note(String key, String field, String value, Duration life, int most) {
        return scripts.runAcknowledged(NOTE, List.of(key), field, value, life.toMillis(), most)
                .then();
    }

    private static List<Place> places(ProviderName provider, Optional<String> sid, Optional<String> sub) {
        return Stream.concat(
                        sid.map(id -> new Place("sid", provider, id)).stream(),
                        sub.map(id -> new Place("sub", provider, id)).stream())
                .toList();
    }

    /** A session or a user at a provider. */
    private record Place(String kind, ProviderName provider, String id) {

        String index() {
            return "latchkey:upstream-" + kind + ":" + hash();
        }

        String tombstone() {
            return "latchkey:upstream-out:" + kind + ":" + hash();
        }

        private String hash() {
            return Sha256.base64Url(provider.value() + "|" + id);
        }
    }
}
