package dev.latchkey.gateway.telemetry;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own span of one request (W3C Trace Context, Recommendation of 23 November 2021, section 3).
 *
 * @param high the first half of the trace id
 * @param low the second half
 * @param span the id of the gateway's span, which is the parent of what the backend does
 * @param parent that of the span that asked; 0 if the trace begins here
 * @param isSampled whether it is recorded
 * @param state {@code tracestate} as it is passed on; null if there is none
 */
public record TraceContext(
        long high,
        long low,
        long span,
        long parent,
        boolean isSampled,
        @Nullable String state) {

    private static final int HALF = 16;

    /** 32 hexadecimal digits. */
    public String traceId() {
        byte[] text = new byte[2 * HALF];
        Hex.write(high, text, 0);
        Hex.write(low, text, HALF);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** 16 hexadecimal digits. */
    public String spanId() {
        return id(span);
    }

    /** The id of the span that sent the request; null if the trace begins here. */
    public @Nullable String parentSpanId() {
        return parent == 0 ? null : id(parent);
    }

    private static String id(long number) {
        byte[] text = new byte[HALF];
        Hex.write(number, text, 0);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
