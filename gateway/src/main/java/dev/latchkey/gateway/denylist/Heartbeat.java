package dev.latchkey.gateway.denylist;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/**
 * Sends a word through every master and waits for its own word on the channel: what a master published before has then
 * come, too. Each answer also tells the time by the clock of Redis.
 */
final class Heartbeat {

    static final String PREFIX = "beat,";

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> BEAT =
            LuaScripts.timed(List.class, "dev/latchkey/gateway/denylist/beat.lua");

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
                .doOnNext(this::expect)
                .flatMapIterable(masters -> masters)
                .flatMap(this::beat)
                .onErrorComplete()
                .then();
    }

    private void expect(List<Master> masters) {
        view.expect(masters.stream().map(Master::name).collect(Collectors.toSet()));
    }

    private Mono<ScriptAnswer> beat(Master master) {
        String word = PREFIX + node + "," + master.name() + "," + nanos.getAsLong();
        return scripts.runOn(master, BEAT, word).onErrorComplete();
    }

    /** Takes note of a word on the channel, if it is this node's own. */
    void heard(String word) {
        String[] parts = word.split(",", -1);
        if (parts.length == 4 && parts[1].equals(node)) {
            view.prove(parts[2], Long.parseLong(parts[3]));
        }
    }
}
