package dev.latchkey.gateway.forwarder;

import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pools of one event loop. A pool without connections is removed: routes, and with them endpoints, come and go. */
final class LoopPools {

    private final EventLoop loop;
    private final ForwarderSettings settings;
    private final Transport transport;
    private final Usage usage;
    private final Map<Endpoint, ConnectionPool> pools = new HashMap<>();
    private boolean isClosed;

    LoopPools(EventLoop loop, ForwarderSettings settings, Transport transport, Usage usage) {
        this.loop = loop;
        this.settings = settings;
        this.transport = transport;
        this.usage = usage;
    }

    EventLoop loop() {
        return loop;
    }

    Transport transport() {
        return transport;
    }

    Usage usage() {
        return usage;
    }

    boolean isClosed() {
        return isClosed;
    }

    ConnectionPool of(Endpoint endpoint) {
        ConnectionPool pool = pools.get(endpoint);
        if (pool == null) {
            pool = new ConnectionPool(this, endpoint, settings);
            pools.put(endpoint, pool);
        }
        return pool;
    }

    void remove(ConnectionPool pool) {
        pools.remove(pool.endpoint(), pool);
    }

    /** Closes the idle connections to it, and those in use when their exchange ends. */
    void retire(Endpoint endpoint) {
        ConnectionPool pool = pools.get(endpoint);
        if (pool != null) {
            pool.retire();
        }
    }

    int size() {
        return pools.size();
    }

    void close() {
        isClosed = true;
        List.copyOf(pools.values()).forEach(ConnectionPool::closeIdle);
    }
}
