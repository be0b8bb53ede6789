package dev.latchkey.gateway.redis;

import java.time.Instant;
import java.util.List;

/**
 * What a script answered.
 *
 * @param parts texts and numbers; the first is the time that the script used, in milliseconds
 */
public record ScriptAnswer(List<?> parts) {

    /** The time that the script used. */
    public Instant now() {
        return instant(0);
    }

    public int size() {
        return parts.size();
    }

    public String text(int part) {
        return String.valueOf(parts.get(part));
    }

    public long number(int part) {
        return Long.parseLong(text(part));
    }

    public Instant instant(int part) {
        return Instant.ofEpochMilli(number(part));
    }
}
