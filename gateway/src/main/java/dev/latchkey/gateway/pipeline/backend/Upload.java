package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.BackendExchange;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * Sends the body of a request on, one part at a time and as fast as the backend takes it. Only for the event loop of
 * the exchange; a filter may publish the body on another thread.
 */
final class Upload implements CoreSubscriber<DataBuffer> {

    private final EventLoop loop;
    private final Flux<DataBuffer> body;
    private final Supplier<LastHttpContent> end;
    private final Context context;
    private final AtomicInteger hops = new AtomicInteger();
    private @Nullable BackendExchange backend;
    private @Nullable Subscription subscription;
    private Consumer<Throwable> failed = failure -> {};
    private boolean isStarted;
    private boolean isAsked;
    private boolean isOver;

    /** @param end the part after the last one */
    Upload(EventLoop loop, Flux<DataBuffer> body, Supplier<LastHttpContent> end, Context context) {
        this.loop = loop;
        this.body = body;
        this.end = end;
        this.context = context;
    }

    /** @param failed is called if the client fails */
    void start(BackendExchange to, Consumer<Throwable> failed) {
        if (!isStarted && !isOver) {
            isStarted = true;
            this.backend = to;
            this.failed = failed;
            body.subscribe(this);
        }
    }

    /** The backend takes more. */
    void pull() {
        if (!isOver && !isAsked && subscription != null && backend != null && backend.isWritable()) {
            isAsked = true;
            subscription.request(1);
        }
    }

    /** Nothing more is sent. What still comes is dropped: a client may read no answer before it has sent all. */
    void stop() {
        if (!isOver) {
            isOver = true;
            if (subscription != null) {
                subscription.request(Long.MAX_VALUE);
            }
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription made) {
        onLoop(() -> {
            subscription = made;
            if (isOver) {
                made.cancel();
            } else {
                pull();
            }
        });
    }

    @Override
    public void onNext(DataBuffer part) {
        DefaultHttpContent content = new DefaultHttpContent(NettyDataBufferFactory.toByteBuf(part));
        onLoop(() -> {
            isAsked = false;
            if (isOver || backend == null) {
                content.release();
            } else {
                backend.content(content);
                pull();
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        onLoop(() -> {
            if (!isOver) {
                isOver = true;
                failed.accept(failure);
            }
        });
    }

    @Override
    public void onComplete() {
        onLoop(() -> {
            if (!isOver && backend != null) {
                isOver = true;
                backend.content(end.get());
            }
        });
    }

    /** In the order of the signals: once one has to change the thread, those after it wait for it. */
    private void onLoop(Runnable signal) {
        if (loop.inEventLoop() && hops.get() == 0) {
            signal.run();
            return;
        }
        hops.incrementAndGet();
        loop.execute(() -> {
            hops.decrementAndGet();
            signal.run();
        });
    }
}
