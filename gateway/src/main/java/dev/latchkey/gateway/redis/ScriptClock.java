package dev.latchkey.gateway.redis;

/** The clock argument of the scripts: empty in production, where Redis takes its own {@code TIME}. */
@FunctionalInterface
public interface ScriptClock {

    /** Milliseconds since the epoch, or an empty text for the clock of Redis. */
    String argument();
}
