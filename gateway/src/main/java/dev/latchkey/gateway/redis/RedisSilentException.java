package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisException;

/** Redis was not asked, because it has not answered others; made often, so without a stack trace. */
public final class RedisSilentException extends RedisException {

    private static final long serialVersionUID = 1L;

    RedisSilentException() {
        super("Redis does not answer");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
