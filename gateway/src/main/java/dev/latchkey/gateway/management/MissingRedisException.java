package dev.latchkey.gateway.management;

/** The start has no Redis to keep sessions in. */
final class MissingRedisException extends RuntimeException {

    static final String SENTENCE = "No Redis is configured: set spring.data.redis.host (or .url, .sentinel, .cluster),"
            + " or start with the profile demo, which brings its own.";

    private static final long serialVersionUID = 1L;

    MissingRedisException() {
        super(SENTENCE);
    }

    MissingRedisException(Exception cause) {
        super(
                "The demo could not start a redis-server of its own: set spring.data.redis.host to one that runs.",
                cause);
    }
}
