package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * The proofs that this node has accepted, as long as one could be accepted again (RFC 9449 section 11.1): by 64 bits of
 * a hash of key and {@code jti}, in two sets that take turns. None is forgotten to make room for another.
 */
final class UsedProofs {

    private final InstantSource clock;
    private final long life;
    private final int most;

    private Set<Long> before = new HashSet<>();
    private Set<Long> now = new HashSet<>();
    private long began;

    /**
     * @param life how long each is remembered at least
     * @param most how many of one life are remembered
     */
    UsedProofs(InstantSource clock, Duration life, int most) {
        this.clock = clock;
        this.life = life.toMillis();
        this.most = most;
        this.began = clock.millis();
    }

    /** Uses up a proof. */
    synchronized Use use(KeyThumbprint key, String jti) {
        takeTurns();
        long short64 = short64(key, jti);
        if (before.contains(short64) || now.contains(short64)) {
            return Use.REPEATED;
        }
        if (now.size() >= most) {
            return Use.NO_ROOM;
        }
        now.add(short64);
        return Use.FIRST;
    }

    /** What it allowed was not done, so that it may be used again and takes no room. */
    synchronized void forget(KeyThumbprint key, String jti) {
        long short64 = short64(key, jti);
        if (!now.remove(short64)) {
            before.remove(short64);
        }
    }

    private static long short64(KeyThumbprint key, String jti) {
        byte[] hash = Sha256.of(key.value().getBytes(StandardCharsets.US_ASCII), jti.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(hash).getLong();
    }

    /** A clock that was set back keeps what is there. */
    private void takeTurns() {
        long age = clock.millis() - began;
        if (age >= life) {
            before = age >= 2 * life ? new HashSet<>() : now;
            now = new HashSet<>();
            began = clock.millis();
        }
    }

    /** What came of it. */
    enum Use {
        FIRST,
        REPEATED,
        NO_ROOM
    }
}
