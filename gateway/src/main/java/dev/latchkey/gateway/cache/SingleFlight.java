package dev.latchkey.gateway.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Lets callers that want the same thing at the same time share one call. A caller that goes away takes nothing from the
 * others, and the call ends as if they had stayed. There are no more entries than calls in flight, each of which has a
 * time limit.
 */
public final class SingleFlight<K, V> {

    private final ConcurrentHashMap<K, Mono<V>> inFlight = new ConcurrentHashMap<>();

    /** The call for this key that is in flight, or else a new one. */
    public Mono<V> share(K key, Supplier<Mono<V>> call) {
        return Mono.defer(() -> inFlight.computeIfAbsent(key, unused -> start(key, call)));
    }

    /** How many calls are in flight. */
    public int size() {
        return inFlight.size();
    }

    /**
     * {@code cache} keeps the call alive without subscribers. The entry goes before anyone gets the answer: a caller
     * who comes later, such as a thief with the same token, must not get it too.
     */
    private Mono<V> start(K key, Supplier<Mono<V>> call) {
        return Mono.defer(call).doOnTerminate(() -> inFlight.remove(key)).cache();
    }
}
