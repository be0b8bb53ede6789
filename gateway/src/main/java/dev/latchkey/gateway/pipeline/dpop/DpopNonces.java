package dev.latchkey.gateway.pipeline.dpop;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.keys.SealingKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/**
 * The nonces that proofs must have (RFC 9449 section 8): the minute in which one was made, sealed with a key of the
 * keys folder, so that every node knows those of the others and none is stored. Each is accepted in its own minute and
 * the next.
 */
@Component
final class DpopNonces {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final Duration KNOWN = Duration.ofMinutes(3);

    /** Each node makes one a minute. */
    private static final int MOST_KNOWN = 1_000;

    private static final int LONGEST = 200;
    private static final String PURPOSE = "dpop nonce";
    private static final byte[] ANYWHERE = {};

    private final SealingKeys keys;
    private final InstantSource clock;

    /** The minutes of nonces that were opened here: what is not a nonce is not remembered. */
    private final Cache<String, Long> opened = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(KNOWN)
            .build();

    private volatile Nonce newest = new Nonce(Long.MIN_VALUE, "");

    DpopNonces(SealingKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The one to send to a client now. Two threads may make one each, which are both good. */
    String current() {
        long minute = minute();
        Nonce known = newest;
        if (known.minute == minute) {
            return known.value;
        }
        byte[] content = ByteBuffer.allocate(Long.BYTES).putLong(minute).array();
        Nonce made = new Nonce(minute, keys.seal(PURPOSE, ANYWHERE, content));
        newest = made;
        return made.value;
    }

    /** Whether any node made it, within this minute or the one before by its clock, which may be ahead of ours. */
    boolean isAccepted(String nonce) {
        long minute = minute();
        long made = made(nonce);
        return made >= minute - 1 && made <= minute + 1;
    }

    /** Whether any node made it within this minute, or the next by a clock ahead of ours: no newer one is needed. */
    boolean isNew(String nonce) {
        long ahead = made(nonce) - minute();
        return ahead == 0 || ahead == 1;
    }

    private long made(String nonce) {
        Nonce known = newest;
        if (known.value.equals(nonce)) {
            return known.minute;
        }
        return nonce.length() > LONGEST ? Long.MIN_VALUE : opened(nonce);
    }

    private long opened(String nonce) {
        Long known = opened.getIfPresent(nonce);
        if (known != null) {
            return known;
        }
        long minute = keys.open(PURPOSE, ANYWHERE, nonce)
                .filter(content -> content.length == Long.BYTES)
                .map(content -> ByteBuffer.wrap(content).getLong())
                .orElse(Long.MIN_VALUE);
        if (minute != Long.MIN_VALUE) {
            opened.put(nonce, minute);
        }
        return minute;
    }

    private long minute() {
        return Math.floorDiv(clock.millis(), MINUTE);
    }

    private record Nonce(long minute, String value) {}
}
