package dev.latchkey.gateway.user.store;

import org.jspecify.annotations.Nullable;

/** A store that did not answer, with a reason that holds nothing of users and no secret, so that a log may show it. */
public final class StoreTroubleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason such as a code of the database */
    public StoreTroubleException(String reason, @Nullable Throwable cause) {
        super(reason, cause, false, false);
    }

    /** Whether the store has answered, and what it said of a user cannot be. */
    public boolean isOfAnswer() {
        return getCause() == null;
    }
}
