package dev.latchkey.gateway.redis;

import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Errors that Reactor drops in one call: its hook for the whole process belongs to the gateway. */
final class DroppedInto {

    private DroppedInto() {}

    static <T> Mono<T> list(List<Throwable> dropped, Mono<T> call) {
        Consumer<Throwable> hook = dropped::add;
        return call.contextWrite(context -> context.put("reactor.onErrorDropped.local", hook));
    }
}
