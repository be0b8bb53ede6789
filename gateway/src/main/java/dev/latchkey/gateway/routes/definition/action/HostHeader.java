package dev.latchkey.gateway.routes.definition.action;

import org.jspecify.annotations.Nullable;

/**
 * Which {@code Host} the backend gets (RFC 9110 section 7.2).
 *
 * @param text as the file says it: a word, or the very host, with a port or without
 */
public record HostHeader(String text) {

    /** That of its own address. */
    public static final HostHeader BACKEND = new HostHeader("backend");

    /** The client's, as it was sent. */
    public static final HostHeader KEEP = new HostHeader("keep");

    /**
     * What is sent instead of the backend's own; null if that is sent.
     *
     * @param client what the client sent; null if it sent none
     */
    public @Nullable String instead(@Nullable String client) {
        if (equals(KEEP)) {
            return client;
        }
        return equals(BACKEND) ? null : text;
    }

    @Override
    public String toString() {
        return text;
    }
}
