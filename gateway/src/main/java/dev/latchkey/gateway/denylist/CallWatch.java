package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Gives each call to a master its time limit, holds back what would queue behind a silent one, and tells how it went.
 */
final class CallWatch {

    /** The driver itself ends a call at the limit; this is for what the driver does not see, as connecting. */
    private static final Duration BEYOND_LIMIT = Duration.ofMillis(250);

    private final Silences silences;
    private final OutageLog outage;
    private final RedisMeters meters;
    private final Duration most;

    /** @param limit after which the driver gives a command up */
    CallWatch(Silences silences, OutageLog outage, RedisMeters meters, Duration limit) {
        this.silences = silences;
        this.outage = outage;
        this.meters = meters;
        this.most = limit.plus(BEYOND_LIMIT);
    }

    /** A call to this master; it fails at once where the master keeps silent or too many are under way. */
    <T> Mono<T> call(String master, Mono<T> call) {
        Silence silence = silences.of(master);
        Mono<T> limited = DriverThreads.leave(call, most)
                .doOnSuccess(value -> answered(silence))
                .doOnError(failure -> failed(silence, failure))
                .doFinally(signal -> silence.ended());
        return Mono.defer(() -> silence.begin() ? limited : notAsked());
    }

    /** A call that is sent also to a silent master, to hear whether it speaks again. */
    <T> Mono<T> probe(String master, Mono<T> call) {
        return DriverThreads.leave(call, most).doOnNext(value -> answered(silences.of(master)));
    }

    /** Finds the masters there are. */
    Mono<List<Master>> masters(Mono<List<Master>> found) {
        return DriverThreads.leave(found, most)
                .doOnNext(masters ->
                        silences.keep(masters.stream().map(Master::name).toList()));
    }

    private <T> Mono<T> notAsked() {
        meters.notAsked();
        return Mono.error(new RedisSilentException());
    }

    private void answered(Silence silence) {
        silence.answered();
        outage.over();
    }

    private void failed(Silence silence, Throwable failure) {
        silence.failed(failure);
        outage.lost(failure);
        meters.failed(failure);
    }
}
