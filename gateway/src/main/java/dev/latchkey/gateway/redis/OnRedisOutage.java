package dev.latchkey.gateway.redis;

/** What becomes of a request that cannot be checked, or counted, because Redis is away. */
public enum OnRedisOutage {
    /** 503, so that nobody gets past a check or a limit by an outage. */
    DENY,
    /** It goes on. */
    ALLOW
}
