package dev.latchkey.gateway.routes.limits;

/** What becomes of a request that cannot be counted. */
public enum WhenRedisIsAway {
    /** 503, so that nobody gets past a limit by an outage. */
    REFUSE,
    /** It goes on uncounted. */
    ALLOW
}
