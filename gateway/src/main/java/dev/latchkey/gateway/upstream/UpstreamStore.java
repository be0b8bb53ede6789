package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient.Acknowledged;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What is held of providers in Redis, each call one script. Each fails on any trouble with Redis. */
@Component
final class UpstreamStore {

    static final RedisScript<?> PUT = script("put");
    static final RedisScript<?> CLAIM = script("claim");
    static final RedisScript<?> RELEASE = script("release");
    static final RedisScript<?> STORE = script("store");
    static final RedisScript<?> LAPSE = script("lapse");
    static final RedisScript<?> CLAIMS = script("claims");
    static final RedisScript<?> HELD = script("held");
    static final RedisScript<?> TAKE = script("take");

    private static final String DENY = "dev/latchkey/gateway/denylist/deny.lua";
    private static final String SESSION = "dev/latchkey/gateway/session/prelude.lua";
    private static final String FOLDER = "dev/latchkey/gateway/upstream/";

    private static final int CLAIMER_BYTES = 9;

    private final TimedScripts redis;
    private final SecureRandom random = new SecureRandom();

    UpstreamStore(TimedScripts redis) {
        this.redis = redis;
    }

    private static RedisScript<?> script(String name) {
        return TimedScripts.read(DENY, SESSION, FOLDER + "prelude.lua", FOLDER + name + ".lua");
    }

    static List<String> keys(SessionId session) {
        return List.of(SessionKeys.upstream(session), SessionKeys.record(session), open(Shard.of(session)));
    }

    /** A hash: session id to the end of the lease of its open call, and the provider. */
    static String open(Shard shard) {
        return "latchkey:upstream-open:" + shard.tag();
    }

    /** Whether the session lives, and its first tokens are kept and safe. */
    Mono<Acknowledged<Boolean>> put(SessionId session, ProviderName provider, String sealed, Schedule schedule) {
        return redis.runAcknowledged(
                        PUT, keys(session), provider.value(), sealed, schedule.dueMillis(), schedule.hardMillis())
                .map(written -> written.map(answer -> "PUT".equals(answer.text(1))));
    }

    /**
     * Claims the one call for a session.
     *
     * @param lease how long the call may take
     * @param wait after a lease that ended with its call open
     */
    Mono<Claim> claim(SessionId session, Duration lease, Duration wait, Claim.Reason reason) {
        return redis.runAcknowledged(
                        CLAIM,
                        keys(session),
                        session.value(),
                        lease.toMillis(),
                        wait.toMillis(),
                        reason.name().toLowerCase(Locale.ROOT),
                        Base64Url.random(random, CLAIMER_BYTES))
                .map(written -> claim(written.answer(), written.isSafe()));
    }

    private static Claim claim(ScriptAnswer answer, boolean isSafe) {
        if (!"CLAIMED".equals(answer.text(1))) {
            return Claim.NotMine.valueOf(answer.text(1));
        }
        return new Claim.Mine(
                answer.number(2),
                answer.number(3),
                answer.number(5) == 1,
                new ProviderName(answer.text(6)),
                new Subject(answer.text(7)),
                answer.text(8),
                answer.text(9),
                isSafe);
    }

    /** Ends a claim whose call did not bring an answer. */
    Mono<Void> release(SessionId session, long fence, Pause pause, Release kind) {
        return redis.runAcknowledged(
                        RELEASE,
                        keys(session),
                        session.value(),
                        fence,
                        pause.least().toMillis(),
                        pause.first().toMillis(),
                        pause.most().toMillis(),
                        pause.percent(),
                        kind.name().toLowerCase(Locale.ROOT))
                .then();
    }

    /** Keeps the tokens that came for those of this number. */
    Mono<Acknowledged<Kept>> store(SessionId session, long number, String sealed, Schedule schedule) {
        return redis.runAcknowledged(
                        STORE,
                        keys(session),
                        session.value(),
                        number,
                        sealed,
                        schedule.dueMillis(),
                        schedule.hardMillis())
                .map(written -> written.map(answer -> Kept.valueOf(answer.text(1))));
    }

    /** Ends the rotation of a session whose tokens of this number are lost. */
    Mono<Lapse> lapse(SessionId session, long number) {
        return redis.runAcknowledged(LAPSE, keys(session), session.value(), number)
                .map(written -> Lapse.valueOf(written.answer().text(1)));
    }

    /** Replaces the session's claims by those that came with the tokens of this number. */
    Mono<Void> claims(SessionId session, long number, String claims) {
        return redis.runAcknowledged(CLAIMS, keys(session), number, claims).then();
    }

    Mono<Optional<Sealed>> held(SessionId session) {
        return redis.run(HELD, keys(session)).map(answer -> sealed(answer, "HELD"));
    }

    /** Removes what is held of a session that has ended. */
    Mono<Optional<Sealed>> take(SessionId session) {
        return redis.run(TAKE, keys(session), session.value()).map(answer -> sealed(answer, "TAKEN"));
    }

    private static Optional<Sealed> sealed(ScriptAnswer answer, String word) {
        if (!word.equals(answer.text(1))) {
            return Optional.empty();
        }
        long hard = answer.size() > 5 ? answer.number(5) : 0;
        return Optional.of(new Sealed(
                new ProviderName(answer.text(2)),
                answer.number(3),
                answer.text(4),
                Duration.ofMillis(hard - answer.now().toEpochMilli())));
    }

    /**
     * Tokens as they are kept.
     *
     * @param number how often they were refreshed, and one
     * @param hard how long the access token still lives; negative once it has ended
     */
    record Sealed(ProviderName provider, long number, String sealed, Duration hard) {}

    /** What became of new tokens. */
    enum Kept {
        STORED,
        /** Newer ones are held. */
        NEWER,
        /** The session has ended. */
        GONE
    }

    /** What became of a session whose tokens are lost. */
    enum Lapse {
        LAPSED,
        /** Newer ones are held. */
        NEWER,
        /** The session has ended. */
        GONE
    }

    /** How a claim ended. */
    enum Release {
        /** The call was not tried. */
        AGAIN,
        /** The provider cannot have worked on the call, or says that it did not. */
        UNSENT,
        /** Nobody knows whether the provider has worked on the call. */
        UNKNOWN
    }

    /**
     * How long to wait after trouble.
     *
     * @param least what the provider asked for
     * @param first after the first trouble; it doubles with each
     * @param most the longest
     * @param percent by which it is spread
     */
    record Pause(Duration least, Duration first, Duration most, int percent) {}
}
