package dev.latchkey.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.listener.http2.ClientFrames;
import dev.latchkey.gateway.listener.http2.FrameWatch;
import dev.latchkey.gateway.listener.http2.Http2Pipeline.Http2Client;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** How long the client of an HTTP/2 connection may take, by a clock that only the test moves. */
final class Http2TimeoutHandlerTests {

    private static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Socket connection = new Socket();

    @BeforeEach
    void add() {
        ListenerProperties limits = new ListenerProperties(
                ClientChannel.HEAD,
                ClientChannel.BODY,
                ClientChannel.BODY_IDLE,
                ClientChannel.IDLE,
                ClientChannel.SLOW,
                DataSize.ofKilobytes(1),
                10,
                10);
        ConnectionCount count =
                new ConnectionCount(limits, new ClientAddress(new ForwardingProperties(List.of())), registry);
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .gracefulShutdownTimeoutMillis(-1)
                .build();
        FrameWatch frames = new FrameWatch();
        connection.freezeTime();
        connection
                .pipeline()
                .addLast(frames)
                .addLast(codec)
                .addLast(new Http2TimeoutHandler(new Http2Client(codec, frames), limits, count, 1_000))
                .addLast(new FaultHandler());
    }

    @AfterEach
    void close() {
        connection.isRead = true;
        connection.finishAndReleaseAll();
    }

    private void begin() {
        connection.writeInbound(Http2CodecUtil.connectionPrefaceBuf().retainedDuplicate());
        frame(4, 0, 0, new byte[0], 0);
    }

    private void frame(int type, int flags, int stream, byte[] payload, int length) {
        connection.writeInbound(ClientFrames.frame(type, flags, stream, payload, length));
    }

    private void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            connection.advanceTimeBy(1, TimeUnit.SECONDS);
            connection.runPendingTasks();
        }
    }

    private double closed(Closing reason) {
        return registry.get("latchkey.connections.closed")
                .tag("reason", reason.label())
                .counter()
                .count();
    }

    private void assertClosedAfter(Duration time, Closing reason) {
        pass(time.minusSeconds(1));
        assertThat(connection.isOpen()).isTrue();
        pass(Duration.ofSeconds(2));
        assertThat(connection.isOpen()).isFalse();
        assertThat(closed(reason)).isEqualTo(1);
    }

    @Test
    void prefaceWhenItDoesNotComeThenClosed() {
        assertClosedAfter(ClientChannel.HEAD, Closing.HEAD_TIMEOUT);
    }

    @Test
    void headWhenItsFrameIsIncompleteThenClosed() {
        begin();
        frame(1, ClientFrames.END_HEADERS, 1, GET, GET.length + 1);

        assertClosedAfter(ClientChannel.HEAD, Closing.HEAD_TIMEOUT);
    }

    @Test
    void headWhenItsFieldBlockIsIncompleteThenClosed() {
        begin();
        frame(1, 0, 1, GET, GET.length);

        assertClosedAfter(ClientChannel.HEAD, Closing.HEAD_TIMEOUT);
    }

    @Test
    void connectionWhenItHasNoStreamThenClosedAfterAWhile() {
        begin();

        assertClosedAfter(ClientChannel.IDLE, Closing.IDLE_TIMEOUT);
    }

    /** A request that is on its way just then may be sent again on another connection (RFC 9113 section 6.8). */
    @Test
    void connectionWhenItHasNoStreamThenItsEndNamesTheLastOne() {
        begin();
        frame(1, ClientFrames.END_HEADERS, 5, GET, GET.length);
        frame(3, 0, 5, new byte[4], 4);

        pass(ClientChannel.IDLE.plusSeconds(1));

        assertThat(connection.isOpen()).isFalse();
        assertThat(lastStream()).isEqualTo(5);
    }

    /** As GOAWAY has it. */
    private int lastStream() {
        ByteBuf sent = Unpooled.buffer();
        for (ByteBuf part = connection.readOutbound(); part != null; part = connection.readOutbound()) {
            sent.writeBytes(part);
            part.release();
        }
        while (sent.isReadable()) {
            int length = sent.readUnsignedMedium();
            byte type = sent.readByte();
            sent.skipBytes(Byte.BYTES + Integer.BYTES);
            if (type == Http2FrameTypes.GO_AWAY) {
                return sent.readInt();
            }
            sent.skipBytes(length);
        }
        return -1;
    }

    @Test
    void connectionWhenItHasAStreamThenStays() {
        begin();
        frame(1, ClientFrames.END_HEADERS, 1, GET, GET.length);
        frame(0, 0, 1, new byte[] {'a'}, 100);

        pass(ClientChannel.IDLE.multipliedBy(2));

        assertThat(connection.isOpen()).isTrue();
    }

    /** All that wait for its end hear of it: what counts it, and the streams with their backends. */
    @Test
    void readerWhenItTakesNothingThenCutOffForAll() {
        begin();
        connection.isRead = false;
        ping();

        pass(ClientChannel.SLOW.plusSeconds(2));

        assertThat(closed(Closing.SLOW_READER)).isEqualTo(1);
        assertThat(connection.closeFuture().isDone()).isTrue();
        assertThat(connection.hasEnded).isTrue();
    }

    /** The reason can wait for no longer than a moment behind what the client does not read. */
    @Test
    void headWhenIncompleteAndItsClientReadsNothingThenClosedAllTheSame() {
        begin();
        connection.isRead = false;
        ping();
        frame(1, 0, 1, GET, GET.length);

        pass(ClientChannel.HEAD.plusSeconds(1));
        assertThat(closed(Closing.HEAD_TIMEOUT)).isEqualTo(1);
        assertThat(connection.isOpen()).isTrue();
        pass(Duration.ofSeconds(6));

        assertThat(connection.isOpen()).isFalse();
    }

    private void ping() {
        frame(6, 0, 0, new byte[8], 8);
    }

    /** Takes what is written only while its client reads. */
    private static final class Socket extends EmbeddedChannel {

        private boolean isRead = true;
        private boolean hasEnded;

        Socket() {
            super(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelInactive(ChannelHandlerContext context) {
                    ((Socket) context.channel()).hasEnded = true;
                    context.fireChannelInactive();
                }
            });
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer written) throws Exception {
            if (isRead) {
                super.doWrite(written);
            }
        }
    }
}
