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

    /** A part as text; the time is part 0. */
    public String text(int part) {
        return String.valueOf(parts.get(part));
    }

    /** A part that is a whole number, also as text. Throws {@link NumberFormatException} for any other. */
    public long number(int part) {
        return Long.parseLong(text(part));
    }

    /** A part that is a time, in milliseconds since 1970; throws as {@link #number}. */
    public Instant instant(int part) {
        return Instant.ofEpochMilli(number(part));
    }
}
