package dev.latchkey.gateway.http;

import org.jspecify.annotations.Nullable;

/** Server-sent events (HTML Living Standard section 9.2). */
public final class EventStream {

    private static final String TYPE = "text/event-stream";

    private EventStream() {}

    /**
     * Whether this is the type of one; read as text, because a backend may send a malformed type.
     *
     * @param contentType null if there is none
     */
    public static boolean isTypeOf(@Nullable String contentType) {
        return contentType != null && contentType.regionMatches(true, 0, TYPE, 0, TYPE.length());
    }
}
