package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Writes down what it is told, in words, and asks for more of an answer by itself or not. */
class Recorder implements BackendListener {

    private static final long LIMIT_SECONDS = 30;

    private final boolean isReading;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> unseen = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final AtomicLong bytes = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable BackendExchange exchange;
    private volatile @Nullable HttpResponse head;
    private volatile @Nullable BackendFailure failure;
    private volatile @Nullable Channel upgraded;

    Recorder(boolean isReading) {
        this.isReading = isReading;
    }

    void belongsTo(BackendExchange begun) {
        exchange = begun;
    }

    BackendExchange exchange() {
        return Objects.requireNonNull(exchange);
    }

    boolean hasHead() {
        return head != null;
    }

    void cancel() {
        exchange().cancel();
    }

    private void tell(String what) {
        told.add(what);
        unseen.add(what);
    }

    @Override
    public void interim(HttpResponse interim) {
        tell("interim " + interim.status().code());
    }

    @Override
    public void head(HttpResponse finalHead) {
        head = finalHead;
        tell("head " + finalHead.status().code());
    }

    @Override
    public void content(ByteBuf part) {
        byte[] copy = new byte[part.readableBytes()];
        part.readBytes(copy);
        part.release();
        synchronized (body) {
            body.writeBytes(copy);
        }
        bytes.addAndGet(copy.length);
    }

    @Override
    public void readComplete() {
        if (isReading) {
            exchange().read();
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        tell(trailers.isEmpty() ? "end" : "end " + trailers.entries());
        over.countDown();
    }

    @Override
    public void failed(BackendFailure why) {
        failure = why;
        tell("failed " + why.kind());
        over.countDown();
    }

    @Override
    public void bodyWanted() {
        tell("wanted");
    }

    @Override
    public void writable() {
        tell("writable");
    }

    @Override
    public void uploadStopped() {
        tell("stopped");
    }

    @Override
    public void upgraded(HttpResponse switching, Channel backend) {
        head = switching;
        upgraded = backend;
        tell("upgraded");
        over.countDown();
    }

    /**
     * Waits for its end.
     *
     * @return all that it was told, but not of content that was taken again
     */
    List<String> told() {
        await();
        return List.copyOf(told);
    }

    List<String> toldSoFar() {
        return List.copyOf(told);
    }

    void await() {
        try {
            assertThat(over.await(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("over; until now " + told)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until it is told this. */
    void await(String what) {
        try {
            String next = unseen.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            while (next != null && !next.equals(what)) {
                next = unseen.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(next).as("told; all were " + told).isEqualTo(what);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("in time").isNegative();
            Thread.onSpinWait();
        }
    }

    String body() {
        synchronized (body) {
            return body.toString(StandardCharsets.ISO_8859_1);
        }
    }

    long bytes() {
        return bytes.get();
    }

    HttpResponse response() {
        return Objects.requireNonNull(head);
    }

    BackendFailure failure() {
        return Objects.requireNonNull(failure);
    }

    Channel channel() {
        return Objects.requireNonNull(upgraded);
    }
}
