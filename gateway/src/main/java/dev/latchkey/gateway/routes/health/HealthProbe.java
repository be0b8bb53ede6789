package dev.latchkey.gateway.routes.health;

import dev.latchkey.gateway.forwarder.BackendExchange;
import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.forwarder.BackendListener;
import dev.latchkey.gateway.forwarder.Endpoint;
import dev.latchkey.gateway.forwarder.ExchangeLimits;
import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request for a backend's health. It has a connection of its own, so that a backend that takes no new ones is
 * found. Only for its event loop.
 */
final class HealthProbe implements BackendListener {

    private static final String USER_AGENT = "latchkey-health-check";
    private static final int LONGEST_BODY = 64 * 1024;

    private final HealthCheckRule rule;
    private final Consumer<Optional<String>> outcome;
    private final Consumer<BackendFailure> unasked;
    private @Nullable BackendExchange exchange;
    private @Nullable ScheduledFuture<?> timer;
    private int status;
    private int received;
    private boolean isOver;

    /**
     * One of the two is called, once.
     *
     * @param outcome receives why the backend is not healthy; nothing if it is
     * @param unasked receives why this node could not ask, which says nothing of the backend
     */
    HealthProbe(HealthCheckRule rule, Consumer<Optional<String>> outcome, Consumer<BackendFailure> unasked) {
        this.rule = rule;
        this.outcome = outcome;
        this.unasked = unasked;
    }

    /** Sends it. */
    void send(Forwarder forwarder, EventLoop loop, Endpoint to) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, rule.checkedPath());
        request.headers()
                .set(HttpHeaderNames.HOST, to.authority())
                .set(HttpHeaderNames.USER_AGENT, USER_AGENT)
                .set(HttpHeaderNames.ACCEPT, "*/*")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ExchangeLimits limits = new ExchangeLimits(rule.timeout(), rule.timeout(), rule.timeout());
        exchange = forwarder.send(loop, to, request, false, limits, this);
        // Behind the limits of the exchange, which know why there is no answer.
        timer = loop.schedule(this::late, rule.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The outcome is not wanted any more. */
    void cancel() {
        isOver = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (exchange != null) {
            exchange.cancel();
        }
    }

    /** It could not be sent. */
    void fail(String reason) {
        if (!isOver) {
            over(Optional.of(reason));
        }
    }

    private void late() {
        over(Optional.of("it gave no whole answer in time"));
    }

    private void over(Optional<String> failure) {
        cancel();
        outcome.accept(failure);
    }

    @Override
    public void interim(HttpResponse head) {}

    @Override
    public void head(HttpResponse head) {
        status = head.status().code();
    }

    @Override
    public void content(ByteBuf part) {
        received += part.readableBytes();
        part.release();
        if (received > LONGEST_BODY) {
            over(judged());
        }
    }

    @Override
    public void readComplete() {
        if (exchange != null) {
            exchange.read();
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        over(judged());
    }

    private Optional<String> judged() {
        return rule.statuses().contains(status) ? Optional.empty() : Optional.of("it answered " + status);
    }

    @Override
    public void failed(BackendFailure failure) {
        Optional<String> why = switch (failure.kind()) {
            case CONNECT -> Optional.of("there is no connection to it");
            case TLS -> Optional.of("it has no trusted TLS");
            case CONNECT_TIMEOUT, HEAD_TIMEOUT, STALLED -> Optional.of("it gave no whole answer in time");
            case CLOSED -> Optional.of("it closed the connection");
            case UNDECODABLE -> Optional.of("its answer is not HTTP/1.1");
            case EXHAUSTED, WAIT_TIMEOUT, REQUEST_BODY, FAULT -> Optional.empty();
        };
        cancel();
        if (why.isPresent()) {
            outcome.accept(why);
        } else {
            unasked.accept(failure);
        }
    }

    @Override
    public void bodyWanted() {}

    @Override
    public void writable() {}

    @Override
    public void uploadStopped() {}

    @Override
    public void upgraded(HttpResponse head, Channel backend) {
        var unused = backend.close();
        over(Optional.of("its answer is not HTTP/1.1"));
    }
}
