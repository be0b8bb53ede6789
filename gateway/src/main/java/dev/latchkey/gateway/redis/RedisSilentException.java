package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisException;

/** A call was not sent, because Redis did not answer others; frequent, so without a stack trace. */
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
