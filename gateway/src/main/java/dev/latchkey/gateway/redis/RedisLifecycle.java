package dev.latchkey.gateway.redis;

import org.springframework.context.SmartLifecycle;

/**
 * Who makes connections by himself. He starts after the driver and ends before it, for its end can wait for ever for a
 * connection that is made meanwhile.
 */
interface RedisLifecycle extends SmartLifecycle {

    /** The driver's own phase is 0; the server, whose requests still need connections, has a much higher one. */
    int PHASE = 1;

    @Override
    default int getPhase() {
        return PHASE;
    }
}
