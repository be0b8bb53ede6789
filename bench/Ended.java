package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.EndedShard.Tombstone;
import dev.latchkey.gateway.token.SessionId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Fills what a node remembers of sessions that have ended, as a node that starts reads it, and prints what it takes and
 * how often another session is taken for one of them. Called by ended.sh: {@code fill COUNT STRANGERS}, or
 * {@code print COUNT} for commands that put as many tombstones into Redis.
 */
public final class Ended {

    private static final Duration SETTLED = Duration.ofMinutes(6);
    private static final long MONTH_SECONDS = Duration.ofDays(30).toSeconds();
    private static final long SEED = 42;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Instant now = Instant.now();

    private Ended() {}

    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("print")) {
            new Ended().print(count);
        } else {
            new Ended().fill(count, Integer.parseInt(arguments[2]));
        }
    }

    private void fill(int count, int strangers) {
        long before = used();
        long began = System.nanoTime();
        List<EndedShard> shards = new ArrayList<>();
        for (int number = 0; number < Shard.COUNT; number++) {
            EndedShard shard = new EndedShard();
            int share = (int) ((long) count * (number + 1) / Shard.COUNT - (long) count * number / Shard.COUNT);
            shard.learn(tombstones(share), now, SETTLED, Integer.MAX_VALUE);
            shards.add(shard);
        }
        long took = System.nanoTime() - began;
        long bytes = used() - before;
        long taken = 0;
        for (int i = 0; i < strangers; i++) {
            if (shards.get(i % Shard.COUNT).knows(session(), expires())) {
                taken++;
            }
        }
        long kept = shards.stream().mapToLong(EndedShard::size).sum();
        System.out.printf(
                "%,12d ended sessions: %,d fingerprints, %.1f MB of heap (%.2f bytes each), filled in %.0f s;"
                        + " %,d of %,d others are taken for one of them%s%n",
                count,
                kept,
                bytes / 1e6,
                (double) bytes / count,
                took / 1e9,
                taken,
                strangers,
                taken == 0 ? "" : ", one in %,d".formatted(strangers / taken));
    }

    private Map<SessionId, Tombstone> tombstones(int count) {
        Map<SessionId, Tombstone> tombstones = new HashMap<>();
        while (tombstones.size() < count) {
            tombstones.put(session(), new Tombstone(now.minusSeconds(random.nextLong(MONTH_SECONDS)), expires()));
        }
        return tombstones;
    }

    private SessionId session() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    private Instant expires() {
        return now.plusSeconds(1 + random.nextLong(MONTH_SECONDS));
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** One command a line, which {@code redis-cli --pipe} sends. */
    private void print(int count) {
        try (PrintStream out =
                new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < count; i++) {
                SessionId session = session();
                out.print("HSET " + DenylistKeys.ended(Shard.of(session)) + " " + session.value() + " signed-out,"
                        + now.minusSeconds(random.nextLong(MONTH_SECONDS)).getEpochSecond() + ","
                        + expires().getEpochSecond() + ",ada@shop.example\r\n");
            }
        }
    }
}
