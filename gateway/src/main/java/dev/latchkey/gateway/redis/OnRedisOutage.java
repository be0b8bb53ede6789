package dev.latchkey.gateway.redis;

/** What happens to a request that cannot be checked or counted because Redis is unavailable. */
public enum OnRedisOutage {
    /** 503, so that an outage lets no request past a check or a limit. */
    DENY,
    /** The request is let through. */
    ALLOW
}
