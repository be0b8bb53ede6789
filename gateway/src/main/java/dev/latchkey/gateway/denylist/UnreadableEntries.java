package dev.latchkey.gateway.denylist;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the denylist's keys hold and nobody can read: it is skipped, and operators are told in one line. */
final class UnreadableEntries {

    private static final Logger log = LoggerFactory.getLogger(UnreadableEntries.class);

    /** As many as there are keys: the shards and the users. */
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    private final AtomicInteger reported = new AtomicInteger();

    /** Takes note of how many a key was seen to hold. */
    void note(String key, int unreadable) {
        if (unreadable > 0) {
            counts.put(key, unreadable);
        } else {
            counts.remove(key);
        }
    }

    /** How many there were at the last look at each key. */
    int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Tells operators where the number is another than the last time. */
    void report() {
        int now = count();
        if (reported.getAndSet(now) != now && now > 0) {
            String example = counts.keySet().stream().sorted().findFirst().orElse("");
            log.warn("denylist: {} entries cannot be read and are skipped, the first of them in {}", now, example);
        }
    }
}
