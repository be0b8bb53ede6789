package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Notes first uses, off the requests' way: again and again while Redis is away, for about as long as a failover takes.
 * At most so many are under way; what is beyond is dropped, which delays the finding of a theft and signs nobody out.
 */
final class Confirming {

    static final int MOST = 1024;

    private final TimedScripts redis;
    private final SessionScripts scripts;
    private final Retry again;
    private final Semaphore free = new Semaphore(MOST);

    Confirming(TimedScripts redis, SessionScripts scripts) {
        this(redis, scripts, Retry.backoff(6, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(5)));
    }

    Confirming(TimedScripts redis, SessionScripts scripts, Retry again) {
        this.redis = redis;
        this.scripts = scripts;
        this.again = again;
    }

    /** Completes empty, whatever came of it. */
    Mono<Void> confirm(SessionId session, Generation generation) {
        return Mono.defer(() -> free.tryAcquire() ? send(session, generation) : Mono.empty());
    }

    private Mono<Void> send(SessionId session, Generation generation) {
        return redis.run(scripts.confirm(), List.of(SessionKeys.record(session)), generation.number())
                .retryWhen(again)
                .onErrorComplete()
                .doFinally(signal -> free.release())
                .then();
    }
}
