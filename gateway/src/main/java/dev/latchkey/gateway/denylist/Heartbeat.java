package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.DenylistChannels.Path;
import dev.latchkey.gateway.redis.Master;
import dev.latchkey.gateway.redis.RedisClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/**
 * Confirms that no message is missing. About once a second a heartbeat passes through every master, whichever node
 * sends it; each node asks the masters for the id of the last one and its age. Once that heartbeat has arrived on the
 * channel, everything that the master published before it has arrived, too. A heartbeat that another server published,
 * such as a former master that some still listen to, has an id that the master does not know. Each answer also holds
 * the time by the clock of Redis, and shows that the master accepts writes.
 */
final class Heartbeat {

    static final String PREFIX = "beat,";

    /** The parts of a heartbeat of an older version, and of a node that listens on the one channel alone. */
    private static final int MORE_PARTS = 4;

    /** How old a master's last heartbeat may be before the next one is sent. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The same for a node that waits to be confirmed again; still few, however many nodes wait. */
    private static final Duration SOON = Duration.ofMillis(100);

    private static final RedisScript<?> SCRIPT = TimedScripts.read("dev/latchkey/gateway/denylist/heartbeat.lua");

    private final RedisClient redis;
    private final TimedScripts scripts;
    private final Freshness freshness;
    private final DenylistChannels channels;
    private final String node;
    private final LongSupplier nanos;
    private final AtomicLong number = new AtomicLong();

    /** The last heartbeats from each source; forgotten with its master. */
    private final Map<Source, Last> last = new HashMap<>();

    /** @param node a name that no other node has, without a comma */
    Heartbeat(
            RedisClient redis,
            TimedScripts scripts,
            Freshness freshness,
            DenylistChannels channels,
            String node,
            LongSupplier nanos) {
        this.redis = redis;
        this.scripts = scripts;
        this.freshness = freshness;
        this.channels = channels;
        this.node = node;
        this.nanos = nanos;
    }

    /** Completes empty, also if it fails: a heartbeat that is lost confirms nothing, and does no other harm. */
    Mono<Void> send() {
        return redis.masters()
                .doOnNext(this::expect)
                .flatMapIterable(masters -> masters)
                .flatMap(master -> send(master).onErrorResume(failure -> Mono.just(false)))
                .all(taken -> taken)
                .filter(all -> all)
                .doOnNext(all -> redis.allWritten())
                .onErrorComplete()
                .then();
    }

    private synchronized void expect(List<Master> masters) {
        Set<Source> sources = masters.stream()
                .flatMap(master -> channels.paths().map(path -> new Source(path, master.key())))
                .collect(Collectors.toSet());
        freshness.expect(sources.stream().map(Source::name).collect(Collectors.toSet()));
        last.keySet().retainAll(sources);
        sources.forEach(source -> last.computeIfAbsent(source, added -> new Last()));
    }

    private Mono<Boolean> send(Master master) {
        String id = node + ":" + number.incrementAndGet();
        return Mono.defer(() -> {
            long asked = nanos.getAsLong();
            Duration oldest = freshness.isHeard() ? INTERVAL : SOON;
            return scripts.runOn(master, SCRIPT, master.key(), id, oldest.toMillis())
                    .doOnNext(answer -> sent(master.key(), answer.text(1), asked, answer.number(2)))
                    .thenReturn(true);
        });
    }

    /** @param age of the heartbeat when the master was asked, in milliseconds; it was asked after {@code asked} */
    private synchronized void sent(String key, String id, long asked, long age) {
        last.forEach((source, known) -> {
            if (source.key().equals(key)) {
                known.sent(id, asked - Duration.ofMillis(age).toNanos());
                confirm(source, known);
            }
        });
    }

    /**
     * Takes note of a message {@code beat,key,id}, behind which a node that listens on the one channel alone says so;
     * that of an older version, {@code beat,node,master,time}, confirms nothing.
     */
    synchronized void heard(Path path, String message) {
        String[] parts = message.split(",", -1);
        if (parts.length == MORE_PARTS && !parts[3].equals(DenylistChannels.UNSHARDED)) {
            channels.olderNodeHeard();
            return;
        }
        if (parts.length == MORE_PARTS) {
            channels.unshardedNodeHeard();
        }
        Source source = new Source(path, parts[1]);
        Last known = last.get(source);
        if (known != null) {
            known.heard(new Heard(parts[2], freshness.suspicions()));
            confirm(source, known);
        }
    }

    private void confirm(Source source, Last known) {
        if (known.isHeard(freshness.suspicions())) {
            freshness.confirm(source.name(), known.since);
        }
    }

    /** A master, by its key, and the channels on which its messages arrive. */
    private record Source(Path path, String key) {

        String name() {
            return path + " " + key;
        }
    }

    /** The heartbeats of one source that were heard last, and the one that its master says was the last. */
    private static final class Last {

        private Heard before = Heard.NOTHING;
        private Heard heard = Heard.NOTHING;
        private String id = "";
        private long since;

        /** The one before still counts: the master may have been asked between the two. */
        void heard(Heard heartbeat) {
            before = heard;
            heard = heartbeat;
        }

        /** @param at when the heartbeat passed, or before */
        void sent(String sentId, long at) {
            id = sentId;
            since = at;
        }

        boolean isHeard(int suspicions) {
            Heard awaited = new Heard(id, suspicions);
            return awaited.equals(heard) || awaited.equals(before);
        }
    }

    /** @param suspicions how often the local denylist had been suspected by then */
    private record Heard(String id, int suspicions) {

        private static final Heard NOTHING = new Heard("", -1);
    }
}
