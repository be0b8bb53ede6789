package dev.latchkey.gateway.signin.attempts;

import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.ratelimit.LimitOutcome;
import dev.latchkey.gateway.ratelimit.LimitOutcome.Limited;
import dev.latchkey.gateway.ratelimit.LimitOutcome.Unavailable;
import dev.latchkey.gateway.ratelimit.LimitOutcome.Within;
import dev.latchkey.gateway.ratelimit.Limiter;
import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Slows down guessing: per address, per name from one address, and slowly per name. Where a name has signed in lately,
 * it can go on when strangers have used up its limit. Each limit has a counter of its own in Redis, because only those
 * of one name share a slot: the narrowest is counted first, so that what it rejects costs the others nothing.
 */
@Component
@SuppressWarnings("rawtypes")
public final class AttemptLimiter {

    /** Within which the attempts and the sign-ins of a name are counted. */
    public static final Duration NAME_WINDOW = Duration.ofHours(1);

    /** The networks that are remembered of a name; the one that it was longest ago in is forgotten first. */
    private static final int MAX_NETWORKS = 32;

    private static final String FOLDER = "dev/latchkey/gateway/signin/";
    private static final RedisScript<Long> ATTEMPT = script(Long.class, "attempt");
    private static final RedisScript<List> ATTEMPT_OF_NAME = script(List.class, "attempt-of-name");
    private static final RedisScript<Long> SIGNED_IN = script(Long.class, "signed-in");
    private static final RedisScript<Long> FORGET = LuaScripts.read(Long.class, FOLDER + "forget.lua");

    private final Limiter limiter;
    private final RedisClient redis;
    private final SignInProperties limits;

    AttemptLimiter(Limiter limiter, RedisClient redis, SignInProperties limits) {
        this.limiter = limiter;
        this.redis = redis;
        this.limits = limits;
    }

    private static <T> RedisScript<T> script(Class<T> answer, String name) {
        return LuaScripts.timed(answer, FOLDER + "counter.lua", FOLDER + name + ".lua");
    }

    /** Counts an attempt, whether the name is known or not. */
    public Mono<LimitOutcome<Counted>> attempt(Attempt attempt) {
        return count(AttemptCounterKeys.ofNameAndAddress(attempt.name(), attempt.address()), limits.perNameAndAddress())
                .flatMap(outcome -> outcome.then(counter -> attemptFrom(attempt.address(), counter)))
                .flatMap(outcome -> outcome.then(counter -> countName(attempt)));
    }

    /** What the address rejects counts for no name: names that are made up would leave a counter each. */
    private Mono<LimitOutcome<String>> attemptFrom(String address, String pair) {
        return attemptFrom(address)
                .delayUntil(outcome ->
                        outcome instanceof Limited<String> ? forget(pair, "one").onErrorComplete() : Mono.empty());
    }

    /** Counts an attempt that names nobody. */
    public Mono<LimitOutcome<String>> attemptFrom(String address) {
        return count(AttemptCounterKeys.ofAddress(address), limits.perAddress())
                .flatMap(outcome -> outcome.then(counter -> countSite(address, counter)));
    }

    /** Gives back what such an attempt was counted as: it was good. Never fails. */
    public Mono<Void> succeededFrom(String address) {
        return forgetOneOf(address).onErrorComplete();
    }

    private Mono<LimitOutcome<String>> count(String key, int limit) {
        return count(key, limit, limits.window());
    }

    private Mono<LimitOutcome<String>> count(String key, int limit, Duration window) {
        return limiter.count(ATTEMPT, List.of(key), limit, window.toMillis());
    }

    /** An IPv4 address has no wider network that one client could own. */
    private Mono<LimitOutcome<String>> countSite(String address, String counter) {
        return IpAddresses.isIpv6(address)
                ? count(AttemptCounterKeys.ofSite(address), limits.perSite())
                : Mono.just(new Within<>(counter));
    }

    private Mono<LimitOutcome<Counted>> countName(Attempt attempt) {
        String name = attempt.name();
        List<String> keys = new ArrayList<>(List.of(
                AttemptCounterKeys.ofName(name),
                AttemptCounterKeys.networks(name),
                AttemptCounterKeys.exemptNetwork(name, attempt.address())));
        attempt.session()
                .map(session -> AttemptCounterKeys.exemptSession(name, session))
                .ifPresent(keys::add);
        return limiter.count(
                ATTEMPT_OF_NAME,
                keys,
                answer -> new Within<>(Counted.of(keys, answer)),
                limits.perName(),
                NAME_WINDOW.toMillis(),
                AttemptCounterKeys.network(name, attempt.address()),
                limits.exemptFor().toMillis(),
                limits.perExemptNetwork());
    }

    /** Counts a right password, remembers where it came from and gives back what the attempt was counted as. */
    public Mono<LimitOutcome<String>> succeeded(Attempt attempt, Counted counted) {
        String name = attempt.name();
        List<String> keys = List.of(
                AttemptCounterKeys.successes(name),
                AttemptCounterKeys.networks(name),
                counted.counter().orElse(AttemptCounterKeys.ofName(name)));
        return forget(attempt)
                .then(limiter.count(
                        SIGNED_IN,
                        keys,
                        limits.successesPerName(),
                        NAME_WINDOW.toMillis(),
                        AttemptCounterKeys.network(name, attempt.address()),
                        limits.exemptFor().toMillis(),
                        MAX_NETWORKS))
                .onErrorResume(failure -> Mono.just(new Unavailable<>()));
    }

    /**
     * Counts a sign-in with an OpenID Provider, together with those by password: each leaves a session, what is left of
     * it, and a line of the audit log, of which one user must not make any number.
     */
    public Mono<LimitOutcome<String>> succeeded(Subject subject) {
        return count(AttemptCounterKeys.successes(subject.value()), limits.successesPerName(), NAME_WINDOW);
    }

    private Mono<Void> forget(Attempt attempt) {
        String address = attempt.address();
        return Mono.when(
                forget(AttemptCounterKeys.ofNameAndAddress(attempt.name(), address), "all"), forgetOneOf(address));
    }

    private Mono<Void> forgetOneOf(String address) {
        return Mono.when(
                forget(AttemptCounterKeys.ofAddress(address), "one"),
                IpAddresses.isIpv6(address) ? forget(AttemptCounterKeys.ofSite(address), "one") : Mono.empty());
    }

    private Mono<Long> forget(String counter, String howMany) {
        return redis.run(FORGET, List.of(counter), List.of(howMany));
    }

    /**
     * One attempt to sign in.
     *
     * @param name as it was sent
     * @param address the client's
     * @param session a live session of this very name that the client holds
     */
    public record Attempt(String name, String address, Optional<SessionId> session) {

        /** Hides the name: people type passwords into its field. */
        @Override
        public String toString() {
            return "Attempt[hidden]";
        }
    }

    /**
     * The password is checked. If strangers have used up what the name is allowed, every attempt is rejected in the
     * same words after the same time, except with the right password from where the name is at home: so no one learns
     * where that is.
     *
     * @param counter which counter it went to; absent if the right password does not count either
     * @param nameLimited how long until anyone may try the name again
     */
    public record Counted(Optional<String> counter, Optional<Duration> nameLimited) {

        private static Counted of(List<String> keys, List<?> answer) {
            int counter = Integer.parseInt(String.valueOf(answer.get(0)));
            long wait = Long.parseLong(String.valueOf(answer.get(1)));
            return new Counted(
                    counter == 0 ? Optional.empty() : Optional.of(keys.get(counter - 1)),
                    wait == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(wait)));
        }
    }
}
