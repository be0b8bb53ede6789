package dev.latchkey.gateway.startup;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends a start with a sentence instead of a stack trace. Neither sentence holds a secret. */
public class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String action;

    /** @param sentence what is wrong, and where */
    public StartupException(String sentence) {
        super(sentence);
        this.action = null;
    }

    /**
     * @param sentence what is wrong, and where
     * @param action what the operator can do about it
     */
    public StartupException(String sentence, String action) {
        super(sentence);
        this.action = action;
    }

    /** What is wrong, and where. */
    public final String sentence() {
        return String.valueOf(getMessage());
    }

    /** What the operator can do, where {@link #sentence()} does not say it. */
    public final Optional<String> action() {
        return Optional.ofNullable(action);
    }
}
