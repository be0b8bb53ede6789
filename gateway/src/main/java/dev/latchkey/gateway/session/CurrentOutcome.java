package dev.latchkey.gateway.session;

/** Whether a generation is its session's current one, by the session's record. */
public enum CurrentOutcome {
    /** The session lives, and no generation is newer. */
    CURRENT,
    /** The session has ended, or has a newer generation. */
    OVER,
    /** Redis did not answer. */
    UNAVAILABLE
}
