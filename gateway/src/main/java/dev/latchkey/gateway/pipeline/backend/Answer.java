package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.exchange.BackendAnswer;
import dev.latchkey.gateway.forwarder.BackendExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Operators;

/**
 * The body of a backend's answer. It is read as fast as the client takes it, with no more bytes on their way to it than
 * {@link ClientRoom} has room for, and what was read is passed on uncopied. For one subscriber, whose signals come on
 * the event loop of the exchange.
 */
final class Answer implements BackendAnswer, Publisher<DataBuffer>, Subscription {

    private final EventLoop loop;
    private final Function<ByteBuf, DataBuffer> wrap;
    private final Runnable withdrawal;
    private final ClientRoom room;
    private final Queue<ByteBuf> parts = new ArrayDeque<>(2);
    private @Nullable BackendExchange backend;
    private @Nullable Subscriber<? super DataBuffer> subscriber;
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private @Nullable Throwable failure;
    private long demand;
    private boolean hasMore;
    private boolean hasBegun;
    private boolean isEnded;
    private boolean isOver;
    private boolean isDraining;

    /**
     * @param client where it goes, on the same event loop
     * @param withdrawal takes the head of the answer back from the client's response
     */
    Answer(EventLoop loop, Channel client, Function<ByteBuf, DataBuffer> wrap, Runnable withdrawal) {
        this.loop = loop;
        this.room = new ClientRoom(client, this::drain);
        this.wrap = wrap;
        this.withdrawal = withdrawal;
    }

    void of(BackendExchange exchange) {
        backend = exchange;
    }

    void content(ByteBuf part) {
        if (isOver) {
            part.release();
        } else {
            parts.add(part);
            drain();
        }
    }

    void readComplete() {
        hasMore = true;
        drain();
    }

    void end(HttpHeaders after) {
        trailers = after;
        isEnded = true;
        drain();
    }

    void failed(Throwable cause) {
        failure = cause;
        isEnded = true;
        drain();
    }

    /** Whether all of it is here. */
    boolean isWhole() {
        return isEnded && failure == null && !hasBegun;
    }

    /** Those after the end of the body; empty until then. */
    HttpHeaders trailers() {
        return trailers;
    }

    /** All of an answer that is whole, as one buffer; null if it is empty. */
    @Nullable
    DataBuffer take() {
        isOver = true;
        ByteBuf first = parts.poll();
        if (first == null || parts.isEmpty()) {
            return first == null ? null : wrap.apply(first);
        }
        CompositeByteBuf all = first.alloc().compositeBuffer(parts.size() + 1).addComponent(true, first);
        for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
            all.addComponent(true, part);
        }
        return wrap.apply(all);
    }

    @Override
    public void subscribe(Subscriber<? super DataBuffer> to) {
        to.onSubscribe(this);
        onLoop(() -> {
            subscriber = to;
            drain();
        });
    }

    @Override
    public void request(long count) {
        onLoop(() -> {
            demand = Operators.addCap(demand, count);
            drain();
        });
    }

    @Override
    public void cancel() {
        onLoop(this::abandon);
    }

    @Override
    public void discard() {
        withdrawal.run();
        onLoop(this::abandon);
    }

    /** What is left of it is of no use, and its connection is closed unless the answer was whole. */
    private void abandon() {
        if (!isOver) {
            over();
            for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
                part.release();
            }
            if (backend != null) {
                backend.cancel();
            }
        }
    }

    private void drain() {
        if (subscriber == null || isDraining) {
            return;
        }
        isDraining = true;
        boolean goesOn = true;
        while (goesOn && !isOver) {
            goesOn = step(subscriber);
        }
        isDraining = false;
    }

    /** @return false if there is nothing to do but to wait */
    private boolean step(Subscriber<? super DataBuffer> to) {
        boolean isWanted = demand > 0 && !isEmptyAndEnded() && room.isWritable();
        ByteBuf part = isWanted ? parts.poll() : null;
        if (part != null) {
            pass(to, part);
        } else if (isEmptyAndEnded()) {
            complete(to);
        } else if (isWanted && hasMore && !hasBegun) {
            pass(to, Unpooled.EMPTY_BUFFER);
        } else if (isWanted && hasMore && backend != null) {
            hasMore = false;
            backend.read();
        } else {
            return false;
        }
        return true;
    }

    private boolean isEmptyAndEnded() {
        return parts.isEmpty() && isEnded;
    }

    /** The client's head leaves with the first buffer, so it does not wait for a body that comes late. */
    private void pass(Subscriber<? super DataBuffer> to, ByteBuf part) {
        hasBegun = true;
        demand--;
        to.onNext(wrap.apply(part));
    }

    private void over() {
        isOver = true;
        room.leave();
    }

    private void complete(Subscriber<? super DataBuffer> to) {
        over();
        if (failure == null) {
            to.onComplete();
        } else {
            to.onError(failure);
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
