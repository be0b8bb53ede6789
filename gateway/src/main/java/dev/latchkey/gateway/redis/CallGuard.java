package dev.latchkey.gateway.redis;

import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Gives each call to a master its time limit, holds back what would queue behind a silent one, and tells how it went.
 */
final class CallGuard {

    /** The driver itself ends a call at the limit; this is for what the driver does not see, as connecting. */
    private static final Duration BEYOND_LIMIT = Duration.ofMillis(250);

    private final RedisCircuitBreakers redisCircuitBreakers;
    private final Writes writes;
    private final OutageLog outage;
    private final RedisMeters meters;
    private final Duration most;
    private final Runnable whenDemoted;

    /**
     * @param limit after which the driver gives a command up
     * @param whenDemoted runs when a server answered that it is no master
     */
    CallGuard(
            RedisCircuitBreakers redisCircuitBreakers,
            Writes writes,
            OutageLog outage,
            RedisMeters meters,
            Duration limit,
            Runnable whenDemoted) {
        this.redisCircuitBreakers = redisCircuitBreakers;
        this.writes = writes;
        this.whenDemoted = whenDemoted;
        this.outage = outage;
        this.meters = meters;
        this.most = limit.plus(BEYOND_LIMIT);
    }

    /** A call to this master; it fails at once where the master keeps silent or too many are under way. */
    <T> Mono<T> call(String master, Mono<T> call) {
        RedisCircuitBreaker redisCircuitBreaker = redisCircuitBreakers.of(master);
        Mono<T> limited = DriverThreads.leave(call, most)
                .doOnSuccess(value -> redisCircuitBreaker.answered())
                .doOnError(failure -> failed(redisCircuitBreaker, failure))
                .doFinally(signal -> redisCircuitBreaker.ended());
        return Mono.defer(() -> redisCircuitBreaker.begin() ? limited : notAsked());
    }

    /** A call that writes, and is sent also to a silent master, to hear whether it speaks again. */
    <T> Mono<T> probe(String master, Mono<T> call) {
        return DriverThreads.leave(call, most)
                .doOnNext(value -> written(master))
                .doOnError(failure -> refused(master, failure));
    }

    private void written(String master) {
        redisCircuitBreakers.of(master).answered();
        writes.taken(master);
    }

    private void refused(String master, Throwable failure) {
        writes.failed(master, failure);
        RedisError.codeOf(failure).ifPresent(code -> outage.lost(failure));
        dropIfDemoted(failure);
    }

    /** A server that is no master answers every write so, for as long as one stays with it. */
    private void dropIfDemoted(Throwable failure) {
        if (RedisError.isOfReplica(failure)) {
            whenDemoted.run();
        }
    }

    /** All masters took writes just now. */
    void allWritten() {
        outage.over();
    }

    /** Finds the masters there are. */
    Mono<List<Master>> masters(Mono<List<Master>> found) {
        return DriverThreads.leave(found, most)
                .doOnNext(masters -> keep(masters.stream().map(Master::name).toList()));
    }

    private void keep(List<String> masters) {
        redisCircuitBreakers.keep(masters);
        writes.keep(masters);
    }

    private <T> Mono<T> notAsked() {
        meters.notAsked();
        return Mono.error(new RedisSilentException());
    }

    private void failed(RedisCircuitBreaker redisCircuitBreaker, Throwable failure) {
        redisCircuitBreaker.failed(failure);
        outage.lost(failure);
        meters.failed(failure);
        dropIfDemoted(failure);
    }
}
