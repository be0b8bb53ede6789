package dev.latchkey.gateway.telemetry;

import java.util.Locale;

/** How a request ended. */
public enum RequestOutcome {
    /** The client got the answer of its backend, whatever its status. */
    FORWARDED,
    /** The gateway answered by itself: its own endpoints, redirects, preflights. */
    ANSWERED,
    /** The gateway refused it, with a problem below 500. */
    REFUSED,
    /** The gateway or the backend failed: a problem of 500 or more, or an answer that was broken off. */
    FAILED,
    /** The connection ended before the answer did. */
    CANCELLED;

    /** As in logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
