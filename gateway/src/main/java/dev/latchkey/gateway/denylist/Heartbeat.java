package dev.latchkey.gateway.denylist;

import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends a word through every master and waits for its own word on the channel: what a master published before has then
 * come, too. Each answer also tells the time by the clock of Redis.
 */
final class Heartbeat {

    static final String PREFIX = "beat,";

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> BEAT = LuaScripts.read(List.class, "dev/latchkey/gateway/denylist/beat.lua");

    private final RedisCalls redis;
    private final TimedScripts scripts;
    private final MirrorView view;
    private final String node;
    private final LongSupplier nanos;

    /** @param node a name that no other node has; neither it nor a master's holds a comma */
    Heartbeat(RedisCalls redis, TimedScripts scripts, MirrorView view, String node, LongSupplier nanos) {
        this.redis = redis;
        this.scripts = scripts;
        this.view = view;
        this.node = node;
        this.nanos = nanos;
    }

    /** Completes empty, whatever came of it: a beat that is lost proves nothing, and that is all. */
    Mono<Void> beat() {
        return redis.masters()
                .doOnNext(view::expect)
                .flatMapMany(Flux::fromIterable)
                .flatMap(master -> Mono.defer(() -> scripts.runOn(master, BEAT, word(master)))
                        .onErrorComplete())
                .onErrorComplete()
                .then();
    }

    private String word(String master) {
        return PREFIX + node + "," + master + "," + nanos.getAsLong();
    }

    /** Takes note of a word on the channel, if it is this node's own. */
    void heard(String word) {
        String[] parts = word.split(",", -1);
        if (parts.length == 4 && parts[1].equals(node)) {
            view.prove(parts[2], Long.parseLong(parts[3]));
        }
    }
}
