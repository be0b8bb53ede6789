package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Gives each call to a master its time limit, holds back what would queue behind a silent one, and reports failures.
 */
final class CallGuard {

    /** The driver itself ends a call at the limit; this is for what the driver does not see, such as connecting. */
    private static final Duration BEYOND_LIMIT = Duration.ofMillis(250);

    /** By the masters' names: one that says nothing holds back no call to another. */
    private final Map<String, RedisCircuitBreaker> breakers = new ConcurrentHashMap<>();

    private final RedisServers servers;
    private final RedisFailures failures;
    private final Duration limit;
    private final Duration most;
    private final Runnable whenDemoted;

    /**
     * @param limit after which the driver gives up a command
     * @param whenDemoted runs when a server answered that it is not a master
     */
    CallGuard(RedisServers servers, RedisFailures failures, Duration limit, Runnable whenDemoted) {
        this.servers = servers;
        this.failures = failures;
        this.limit = limit;
        this.most = limit.plus(BEYOND_LIMIT);
        this.whenDemoted = whenDemoted;
    }

    /** For how long a call that is answered may be sent again; one that reaches its time limit counts as silence. */
    Duration limit() {
        return limit;
    }

    /** A call to this master; it fails at once if the master keeps silent or too many calls are in flight. */
    <T> Mono<T> call(String master, Mono<T> call) {
        RedisCircuitBreaker breaker = breaker(master);
        Mono<T> limited = DriverThreads.leave(call, most)
                .doOnSuccess(value -> breaker.answered())
                .doOnError(failure -> failed(breaker, failure))
                .doFinally(signal -> breaker.ended());
        return Mono.defer(() -> breaker.begin() ? limited : notAsked());
    }

    private RedisCircuitBreaker breaker(String master) {
        RedisCircuitBreaker known = breakers.get(master);
        return known == null
                ? breakers.computeIfAbsent(master, name -> new RedisCircuitBreaker(System::nanoTime))
                : known;
    }

    /** A call that writes, and is also sent to a silent master, to find out whether it answers again. */
    <T> Mono<T> probe(String master, Mono<T> call) {
        return DriverThreads.leave(call, most)
                .doOnNext(value -> written(master))
                .doOnError(failure -> refused(master, failure));
    }

    private void written(String master) {
        breaker(master).answered();
        servers.wrote(master);
    }

    private void refused(String master, Throwable failure) {
        servers.refusedWrite(master, failure);
        RedisError.codeOf(failure).ifPresent(code -> failures.log(failure));
        dropIfDemoted(failure);
    }

    /** A server that is not a master answers every write so, for as long as one stays connected to it. */
    private void dropIfDemoted(Throwable failure) {
        if (RedisError.isOfReplica(failure)) {
            whenDemoted.run();
        }
    }

    /** All masters accepted writes just now. */
    void allWritten() {
        failures.over();
    }

    /** Finds the current masters; what is known of others is forgotten. */
    Mono<List<Master>> masters(Mono<List<Master>> found) {
        return DriverThreads.leave(found, most)
                .doOnNext(masters -> keep(masters.stream().map(Master::name).toList()));
    }

    private void keep(List<String> masters) {
        breakers.keySet().retainAll(masters);
        servers.keep(masters);
    }

    private <T> Mono<T> notAsked() {
        failures.notAsked();
        return Mono.error(new RedisSilentException());
    }

    private void failed(RedisCircuitBreaker breaker, Throwable failure) {
        breaker.failed(failure);
        failures.failed(failure);
        dropIfDemoted(failure);
    }
}
