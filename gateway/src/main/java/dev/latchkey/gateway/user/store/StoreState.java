package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.logging.ThrottledLog;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Whether the store answers, for the log and for health. */
public final class StoreState {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreState.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final ThrottledLog log = new ThrottledLog(LOGGER, Level.WARN, QUIET, System::nanoTime);
    private final String store;
    private volatile String trouble = "";
    private volatile String refusal = "";

    StoreState(String store) {
        this.store = store;
    }

    void answered() {
        if (!trouble.isEmpty()) {
            trouble = "";
            LOGGER.info("users: {} answers again", store);
        }
    }

    /** Of any other failure its type is all that is said: its text may hold a name, or how to reach the store. */
    void failed(Throwable failure) {
        String type = failure instanceof StoreTroubleException told
                ? String.valueOf(told.getMessage())
                : failure.getClass().getSimpleName();
        trouble = store + " does not answer (" + type + ")";
        log.write("users: " + store + " does not answer; sign-ins and rotations get 503, and no session ends", type);
    }

    /** What it says is not believed, and why; empty if it is. */
    public void refused(Optional<String> why) {
        String sentence = why.orElse("");
        if (!sentence.equals(refusal)) {
            why.ifPresent(text -> LOGGER.error("users: {}; until then no session ends by that", text));
            refusal = sentence;
        }
    }

    /** Whether it answered when it was asked last. */
    public boolean isAnswering() {
        return trouble.isEmpty();
    }

    /** What is wrong now, in sentences for operators. */
    public Optional<String> trouble() {
        return Optional.of(trouble.isEmpty() ? refusal : trouble).filter(text -> !text.isEmpty());
    }

    /** Which store it is. */
    public String store() {
        return store;
    }
}
