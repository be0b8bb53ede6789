package dev.latchkey.gateway.signin.attempts;

import dev.latchkey.gateway.pipeline.client.ClientNetwork;
import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.signin.attempts.AttemptOutcome.Counted;
import dev.latchkey.gateway.signin.attempts.AttemptOutcome.Limited;
import dev.latchkey.gateway.signin.attempts.AttemptOutcome.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Counts attempts in Redis, one counter a limit since no two of them share a slot but those of one name: the narrowest
 * first, so that what is refused there costs the others nothing.
 */
@Component
@SuppressWarnings("rawtypes")
final class RedisAttemptLimiter implements AttemptLimiter {

    private static final Duration NAME_WINDOW = Duration.ofHours(1);

    /** Of these networks a name is remembered; the one that it was longest ago in goes first. */
    private static final int MOST_NETWORKS = 32;

    private static final String FOLDER = "dev/latchkey/gateway/signin/";
    private static final RedisScript<Long> ATTEMPT = script(Long.class, "attempt");
    private static final RedisScript<List> ATTEMPT_OF_NAME = script(List.class, "attempt-of-name");
    private static final RedisScript<Long> SIGNED_IN = script(Long.class, "signed-in");
    private static final RedisScript<Long> FORGET = LuaScripts.read(Long.class, FOLDER + "forget.lua");

    private final RedisClient redis;
    private final ScriptClock clock;
    private final SignInProperties limits;

    RedisAttemptLimiter(RedisClient redis, ScriptClock clock, SignInProperties limits) {
        this.redis = redis;
        this.clock = clock;
        this.limits = limits;
    }

    private static <T> RedisScript<T> script(Class<T> answer, String name) {
        return LuaScripts.timed(answer, FOLDER + "counter.lua", FOLDER + name + ".lua");
    }

    @Override
    public Mono<AttemptOutcome> attempt(Attempt attempt) {
        return count(AttemptCounterKeys.ofNameAndAddress(attempt.name(), attempt.address()), limits.perNameAndAddress())
                .flatMap(wait -> unlessLimited(
                        wait, count(AttemptCounterKeys.ofAddress(attempt.address()), limits.perAddress())))
                .flatMap(wait -> unlessLimited(wait, countSite(attempt.address())))
                .flatMap(wait -> wait == 0 ? countName(attempt) : Mono.just(new Limited(Duration.ofMillis(wait))))
                .onErrorResume(failure -> Mono.just(new Unavailable()));
    }

    private static Mono<Long> unlessLimited(long wait, Mono<Long> next) {
        return wait == 0 ? next : Mono.just(wait);
    }

    private Mono<Long> count(String key, int limit) {
        return redis.run(ATTEMPT, List.of(key), arguments(limit, limits.window().toMillis()));
    }

    /** Of IPv4 the address says as much. */
    private Mono<Long> countSite(String address) {
        return ClientNetwork.isIpv6(address)
                ? count(AttemptCounterKeys.ofSite(address), limits.perSite())
                : Mono.just(0L);
    }

    private Mono<AttemptOutcome> countName(Attempt attempt) {
        String name = attempt.name();
        List<String> keys = new ArrayList<>(List.of(
                AttemptCounterKeys.ofName(name),
                AttemptCounterKeys.networks(name),
                AttemptCounterKeys.exemptNetwork(name, attempt.address())));
        attempt.session().map(it -> AttemptCounterKeys.exemptSession(name, it)).ifPresent(keys::add);
        List<String> arguments = arguments(
                limits.perName(),
                NAME_WINDOW.toMillis(),
                AttemptCounterKeys.network(name, attempt.address()),
                limits.exemptFor().toMillis(),
                limits.perExemptNetwork());
        return redis.run(ATTEMPT_OF_NAME, keys, arguments).map(answer -> counted(keys, answer));
    }

    private static AttemptOutcome counted(List<String> keys, List<?> answer) {
        int counter = Integer.parseInt(String.valueOf(answer.get(0)));
        long wait = Long.parseLong(String.valueOf(answer.get(1)));
        return new Counted(
                counter == 0 ? Optional.empty() : Optional.of(keys.get(counter - 1)),
                wait == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(wait)));
    }

    @Override
    public Mono<AttemptOutcome> succeeded(Attempt attempt, Counted counted) {
        String name = attempt.name();
        List<String> keys = List.of(
                AttemptCounterKeys.successes(name),
                AttemptCounterKeys.networks(name),
                counted.counter().orElse(AttemptCounterKeys.ofName(name)));
        List<String> arguments = arguments(
                limits.successesPerName(),
                NAME_WINDOW.toMillis(),
                AttemptCounterKeys.network(name, attempt.address()),
                limits.exemptFor().toMillis(),
                MOST_NETWORKS);
        return forget(attempt)
                .then(redis.run(SIGNED_IN, keys, arguments))
                .<AttemptOutcome>map(wait -> wait == 0 ? counted : new Limited(Duration.ofMillis(wait)))
                .onErrorResume(failure -> Mono.just(new Unavailable()));
    }

    private Mono<Void> forget(Attempt attempt) {
        String address = attempt.address();
        return Mono.when(
                redis.run(
                        FORGET, List.of(AttemptCounterKeys.ofNameAndAddress(attempt.name(), address)), List.of("all")),
                redis.run(FORGET, List.of(AttemptCounterKeys.ofAddress(address)), List.of("one")),
                ClientNetwork.isIpv6(address)
                        ? redis.run(FORGET, List.of(AttemptCounterKeys.ofSite(address)), List.of("one"))
                        : Mono.empty());
    }

    private List<String> arguments(Object... arguments) {
        List<String> texts = new ArrayList<>();
        for (Object argument : arguments) {
            texts.add(String.valueOf(argument));
        }
        texts.add(clock.argument());
        return texts;
    }
}
