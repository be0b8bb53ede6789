package dev.latchkey.gateway.denylist;

import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Tells operators that Redis is in trouble, and when it is over, in at most two lines every ten seconds and never by a
 * message that could hold what was sent.
 */
final class OutageLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutageLog.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    /** The word that an error of Redis begins with, as OOM, NOAUTH or LOADING. */
    private static final Pattern CODE = Pattern.compile("^([A-Z]{2,20}) ");

    private final InstantSource clock;
    private final AtomicReference<Instant> quietUntil = new AtomicReference<>(Instant.MIN);
    private final AtomicBoolean told = new AtomicBoolean();

    OutageLog(InstantSource clock) {
        this.clock = clock;
    }

    void lost(Throwable failure) {
        Instant now = clock.instant();
        Instant until = quietUntil.get();
        if (!now.isBefore(until) && quietUntil.compareAndSet(until, now.plus(QUIET))) {
            told.set(true);
            LOGGER.warn("Redis does not answer as it should ({})", name(failure));
        }
    }

    void over() {
        if (told.get() && told.compareAndSet(true, false)) {
            LOGGER.info("Redis answers");
        }
    }

    /** The failure and its root by type; of what Redis said only the code. */
    private static String name(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        String type = failure.getClass().getSimpleName();
        String cause = root == failure ? type : type + ", " + root.getClass().getSimpleName();
        Matcher code = CODE.matcher(String.valueOf(root.getMessage()));
        return root instanceof RedisCommandExecutionException && code.find() ? cause + " " + code.group(1) : cause;
    }
}
