package dev.latchkey.gateway.shutdown;

import reactor.core.publisher.Mono;

/**
 * What a node does apart from its requests and should finish before it stops. It is asked once no more requests come
 * in, while everything that it needs still runs, and gets what is left of {@code latchkey.shutdown.timeout}.
 */
public interface UnfinishedWork {

    /** Begins nothing new from now on, and completes once nothing is under way; never fails. */
    Mono<Void> finish();
}
