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
 * Proves that nothing is missing on the channel. Through every master a word passes about once a second, whichever node
 * sends it; each node asks the masters which was the last one, and how old it is. Once that word has come on the
 * channel, all that the master published before it has come, too. A word that another server published, such as a
 * former master that some still listen to, is none that the master knows. Each answer also tells the time by the clock
 * of Redis, and that writes are taken.
 */
final class Heartbeat {

    static final String PREFIX = "beat,";

    private static final int OLDER_PARTS = 4;

    /** How old a master's last word may be before the next one passes. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The same for a node that waits for one to be sure again; still few, however many nodes wait. */
    private static final Duration SOON = Duration.ofMillis(100);

    private static final RedisScript<?> SCRIPT = TimedScripts.read("dev/latchkey/gateway/denylist/heartbeat.lua");

    private final RedisClient redis;
    private final TimedScripts scripts;
    private final Freshness freshness;
    private final DenylistChannels channels;
    private final String node;
    private final LongSupplier nanos;
    private final AtomicLong number = new AtomicLong();

    /** The last words that came from each master; forgotten with the master. */
    private final Map<Way, Words> words = new HashMap<>();

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

    /** Completes empty, whatever came of it: a beat that is lost proves nothing, and that is all. */
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
        Set<Way> ways = masters.stream()
                .flatMap(master -> channels.paths().map(path -> new Way(path, master.key())))
                .collect(Collectors.toSet());
        freshness.expect(ways.stream().map(Way::name).collect(Collectors.toSet()));
        words.keySet().retainAll(ways);
        ways.forEach(it -> words.computeIfAbsent(it, way -> new Words()));
    }

    private Mono<Boolean> send(Master master) {
        String word = node + ":" + number.incrementAndGet();
        return Mono.defer(() -> {
            long asked = nanos.getAsLong();
            Duration oldest = freshness.isHeard() ? INTERVAL : SOON;
            return scripts.runOn(master, SCRIPT, master.key(), word, oldest.toMillis())
                    .doOnNext(answer -> passed(master.key(), answer.text(1), asked, answer.number(2)))
                    .thenReturn(true);
        });
    }

    /** @param age of the word when the master was asked, in milliseconds; it was asked after {@code asked} */
    private synchronized void passed(String key, String word, long asked, long age) {
        words.forEach((way, known) -> {
            if (way.key().equals(key)) {
                known.passed(word, asked - Duration.ofMillis(age).toNanos());
                confirm(way, known);
            }
        });
    }

    /**
     * Takes note of a word, {@code beat,key,word}; one of an older version, {@code beat,node,master,time}, proves none.
     */
    synchronized void heard(Path path, String beat) {
        String[] parts = beat.split(",", -1);
        if (parts.length == OLDER_PARTS) {
            channels.olderNodeHeard();
            return;
        }
        Way way = new Way(path, parts[1]);
        Words known = words.get(way);
        if (known != null) {
            known.heard(new Heard(parts[2], freshness.suspicions()));
            confirm(way, known);
        }
    }

    private void confirm(Way way, Words known) {
        if (known.isLastHeard(freshness.suspicions())) {
            freshness.confirm(way.name(), known.since);
        }
    }

    /** By which channels what a master says comes here. */
    private record Way(Path path, String key) {

        String name() {
            return path + " " + key;
        }
    }

    /** What was heard through one master, and which word it says was its last. */
    private static final class Words {

        private Heard before = Heard.NOTHING;
        private Heard heard = Heard.NOTHING;
        private String last = "";
        private long since;

        /** The one before still counts: the master may have been asked between the two. */
        void heard(Heard word) {
            before = heard;
            heard = word;
        }

        /** @param at when the word passed, or before */
        void passed(String word, long at) {
            last = word;
            since = at;
        }

        boolean isLastHeard(int suspicions) {
            Heard awaited = new Heard(last, suspicions);
            return awaited.equals(heard) || awaited.equals(before);
        }
    }

    /** @param suspicions how often the view had been in doubt by then */
    private record Heard(String word, int suspicions) {

        private static final Heard NOTHING = new Heard("", -1);
    }
}
