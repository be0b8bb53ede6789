package dev.latchkey.gateway.pipeline.rotation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Lets callers that want the same thing at the same time share one call. A caller that goes away takes nothing from the
 * others, and the call ends as if he had stayed. It holds no more entries than calls are under way, each of which has a
 * time limit.
 */
final class SingleFlight<K, V> {

    private final ConcurrentHashMap<K, Mono<V>> underWay = new ConcurrentHashMap<>();

    Mono<V> share(K key, Supplier<Mono<V>> call) {
        return Mono.defer(() -> underWay.computeIfAbsent(key, it -> start(it, call)));
    }

    /** How many calls are under way. */
    int size() {
        return underWay.size();
    }

    /**
     * {@code cache} keeps the call alive without subscribers. The entry goes before anybody hears the answer: a caller
     * who comes after that, such as a thief with the same token, must not get it too.
     */
    private Mono<V> start(K key, Supplier<Mono<V>> call) {
        return Mono.defer(call).doOnTerminate(() -> underWay.remove(key)).cache();
    }
}
