package dev.latchkey.gateway.forwarder;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop to one endpoint. The one used last is used next, so that others may go. */
final class ConnectionPool {

    private final LoopPools owner;
    private final Endpoint endpoint;
    private final ForwarderSettings settings;
    private final Deque<BackendConnection> idle = new ArrayDeque<>();
    private final Deque<BackendExchange> waiting = new ArrayDeque<>();
    private final Bootstrap bootstrap;
    private int connections;
    private boolean isRetired;
    private boolean isServing;

    ConnectionPool(LoopPools owner, Endpoint endpoint, ForwarderSettings settings) {
        this.owner = owner;
        this.endpoint = endpoint;
        this.settings = settings;
        this.bootstrap = BackendChannel.bootstrap(this);
    }

    EventLoop loop() {
        return owner.loop();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    ForwarderSettings settings() {
        return settings;
    }

    Transport transport() {
        return owner.transport();
    }

    Usage usage() {
        return owner.usage();
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    /** Gives the exchange a connection: now, when one is made, or when one is free. */
    void acquire(BackendExchange exchange) {
        isRetired = false;
        BackendConnection used = takeIdle();
        if (used != null) {
            begin(used, exchange);
        } else if (connections < settings.maxConnections()) {
            connect(exchange);
        } else if (waiting.size() < settings.maxWaiting()) {
            waiting.add(exchange);
            exchange.waitFor(settings.maxWait());
        } else {
            exchange.exhausted();
        }
    }

    /** Never throws: the caller may have another exchange to end. */
    void begin(BackendConnection connection, BackendExchange exchange) {
        try {
            connection.begin(exchange);
        } catch (RuntimeException | Error fault) {
            connection.fail(Kind.FAULT, "could not be sent the request", fault);
        }
    }

    /** Gives the exchange a new connection; there has to be room, as in the place of one that was closed. */
    void connect(BackendExchange exchange) {
        connections++;
        usage().connections().increment();
        new ConnectAttempt(this, exchange).start();
    }

    /** While some are idle nobody waits; and a pool whose last connection is over here is about to get another. */
    private @Nullable BackendConnection takeIdle() {
        BackendConnection connection = idle.pollLast();
        while (connection != null && !connection.isUsable()) {
            var unused = connection.leave();
            connection = idle.pollLast();
        }
        return connection;
    }

    /**
     * The connection has nothing left to do.
     *
     * @return whether it may stay open
     */
    boolean release(BackendConnection connection) {
        BackendExchange next = waiting.poll();
        if (next != null) {
            next.waitsNoMore();
            begin(connection, next);
            return true;
        }
        if (isRetired || owner.isClosed() || idle.size() >= settings.maxIdle()) {
            return false;
        }
        idle.addLast(connection);
        return true;
    }

    /** The connection is closed, or was never made. {@link #serveWaiting} has to follow. */
    void forget(@Nullable BackendConnection connection) {
        connections--;
        usage().connections().decrement();
        idle.removeFirstOccurrence(connection);
    }

    /** One that fails at once calls this again, and leaves its place to the next of the loop. */
    void serveWaiting() {
        if (isServing) {
            return;
        }
        isServing = true;
        try {
            while (connections < settings.maxConnections() && !waiting.isEmpty()) {
                BackendExchange next = waiting.remove();
                next.waitsNoMore();
                connect(next);
            }
        } finally {
            isServing = false;
        }
        if (connections == 0) {
            owner.remove(this);
        }
    }

    void leave(BackendExchange exchange) {
        waiting.remove(exchange);
    }

    /** Keeps no connection any more, until an exchange asks for one. */
    void retire() {
        isRetired = true;
        closeIdle();
    }

    void closeIdle() {
        while (!idle.isEmpty()) {
            idle.getLast().close();
        }
    }
}
