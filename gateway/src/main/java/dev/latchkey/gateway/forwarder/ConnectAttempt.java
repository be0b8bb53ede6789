package dev.latchkey.gateway.forwarder;

import dev.latchkey.gateway.forwarder.BackendFailure.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection for one exchange: finds the addresses, tries one after the other, and shakes hands. It owns the
 * pool's place until the exchange begins.
 */
final class ConnectAttempt implements Runnable {

    private final ConnectionPool pool;
    private final BackendExchange exchange;
    private long end;
    private boolean isLimited;
    private List<InetSocketAddress> addresses = List.of();
    private int tried;
    private @Nullable Throwable failure;
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> timer;
    private boolean isOver;

    ConnectAttempt(ConnectionPool pool, BackendExchange exchange) {
        this.pool = pool;
        this.exchange = exchange;
    }

    /** Does not throw: the caller may have another exchange to end. */
    void start() {
        exchange.connecting(this);
        guard(this::resolve);
    }

    /** A step that throws is the last one. Nobody else would hear of it: Netty calls most of them. */
    private void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error fault) {
            if (isOver) {
                throw fault;
            }
            fail(Kind.FAULT, "cannot connect to " + pool.endpoint(), fault);
        }
    }

    private void resolve() {
        long limit = limit();
        end = now() + limit;
        isLimited = limit > 0;
        InetSocketAddress address = pool.endpoint().address();
        if (!address.isUnresolved()) {
            addresses = List.of(address);
            connectNext();
            return;
        }
        limit(limit);
        Future<List<InetSocketAddress>> names =
                pool.transport().names().getResolver(pool.loop()).resolveAll(address);
        names.addListener(done -> guard(() -> resolved(names)));
    }

    private long limit() {
        return HeadLimit.within(exchange, exchange.limits().connect().toNanos(), now());
    }

    private long now() {
        return pool.loop().ticker().nanoTime();
    }

    /** @param nanos of zero are none */
    private void limit(long nanos) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = nanos == 0 ? null : pool.loop().schedule(this, nanos, TimeUnit.NANOSECONDS);
    }

    private void resolved(Future<List<InetSocketAddress>> answer) {
        if (isOver) {
            return;
        }
        if (answer.isSuccess()) {
            addresses = answer.getNow();
        } else {
            failure = answer.cause();
        }
        connectNext();
    }

    /** Each address gets its share of what is left of the time. */
    private void connectNext() {
        int left = addresses.size() - tried;
        if (left == 0) {
            fail(Kind.CONNECT, "cannot connect to " + pool.endpoint(), failure);
            return;
        }
        limit(isLimited ? Math.max(1, (end - now()) / left) : 0);
        ChannelFuture connected = pool.bootstrap().connect(addresses.get(tried++));
        Throwable fault = connected.cause();
        if (fault != null) {
            // No socket was made, as where too many files are open. Netty would say so on a thread of its own.
            fail(Kind.FAULT, "cannot make a connection to " + pool.endpoint(), fault);
            return;
        }
        channel = connected.channel();
        connected.addListener(done -> guard(() -> connected(connected)));
    }

    private void connected(ChannelFuture connected) {
        if (isOver || connected.channel() != channel) {
            var unused = connected.channel().close();
        } else if (!connected.isSuccess()) {
            failure = connected.cause();
            connectNext();
        } else if (pool.endpoint().tls() == null) {
            ready(channel);
        } else {
            limit(limit());
            Channel secured = channel;
            channel.pipeline()
                    .get(SslHandler.class)
                    .handshakeFuture()
                    .addListener(result -> guard(() -> handshaken(secured, result)));
        }
    }

    private void handshaken(Channel secured, Future<?> result) {
        if (isOver) {
            return;
        }
        if (result.isSuccess()) {
            ready(secured);
        } else {
            String reason = result.cause() instanceof ClosedChannelException
                    ? "closed the connection in the TLS handshake"
                    : "has no trusted TLS";
            fail(Kind.TLS, pool.endpoint() + " " + reason, result.cause());
        }
    }

    private void ready(Channel open) {
        if (!open.isActive()) {
            fail(Kind.CONNECT, pool.endpoint() + " closed the connection at once", null);
            return;
        }
        BackendConnection made = open.pipeline().get(AnswerHandler.class).connection();
        over();
        pool.begin(made, exchange);
    }

    /** The time is over: for this address, or for all. */
    @Override
    public void run() {
        guard(this::late);
    }

    private void late() {
        Channel slow = channel;
        if (HeadLimit.isOver(exchange, now())) {
            fail(Kind.HEAD_TIMEOUT, pool.endpoint() + " did not answer in time", null);
        } else if (slow != null && !slow.isActive() && tried < addresses.size()) {
            connectNext();
            var unused = slow.close();
        } else {
            fail(Kind.CONNECT_TIMEOUT, "no connection to " + pool.endpoint() + " in time", null);
        }
    }

    /** The client has left. */
    void cancel() {
        if (!isOver) {
            over();
            end(null);
        }
    }

    private void over() {
        isOver = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void fail(Kind kind, String message, @Nullable Throwable cause) {
        over();
        end(new BackendFailure(kind, message, cause));
    }

    private void end(@Nullable BackendFailure told) {
        if (channel != null) {
            var unused = channel.close();
        }
        pool.forget(null);
        if (told != null) {
            exchange.fail(told);
        }
        pool.serveWaiting();
    }
}
