package dev.latchkey.gateway.denylist;

/** Redis was not asked, because it has not answered others; made often, so without a stack trace. */
final class RedisSilentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedisSilentException() {
        super("Redis does not answer", null, false, false);
    }
}
