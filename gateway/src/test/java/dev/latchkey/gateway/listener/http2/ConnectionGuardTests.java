package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.listener.http2.Http2Pipeline.Http2Client;
import dev.latchkey.gateway.shutdown.Drain;
import dev.latchkey.gateway.shutdown.ShutdownEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A connection whose streams read nothing. */
final class ConnectionGuardTests {

    /** The first one is special to the library where the channel is not a server's. */
    private static final int STREAM = 3;

    private final EmbeddedChannel connection = new EmbeddedChannel();
    private Http2Client client;

    @BeforeEach
    void begin() {
        Http2Properties properties =
                new Http2Properties(true, true, 100, DataSize.ofKilobytes(64), DataSize.ofMegabytes(1), 200);
        client = new Http2Pipeline(properties, new Drain()).add(connection, 16_384, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setAutoRead(false);
            }
        });
        connection.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                assertThat(cause).isInstanceOf(Http2Exception.class);
            }
        });
        connection.writeInbound(Http2CodecUtil.connectionPrefaceBuf().retainedDuplicate());
        frame(4, 0, 0, new byte[0]);
    }

    @AfterEach
    void close() {
        connection.finishAndReleaseAll();
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        connection.writeInbound(ClientFrames.frame(type, flags, stream, payload));
    }

    private void open(int stream) {
        connection.writeInbound(ClientFrames.post(stream));
    }

    @Test
    void tableWhenTheClientAllowsALargeOneThenStaysSmall() throws Exception {
        frame(
                4,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) 1).putInt(1 << 30).array());

        assertThat(client.codec()
                        .encoder()
                        .configuration()
                        .headersConfiguration()
                        .maxHeaderTableSize())
                .isEqualTo(4096);
    }

    @Test
    void partsWhenManySmallOnesWaitThenTheConnectionEnds() {
        open(STREAM);
        for (int number = 0; number < ConnectionGuard.MOST_SMALL_PARTS && connection.isOpen(); number++) {
            frame(0, 0, STREAM, new byte[] {'x'});
        }
        assertThat(connection.isOpen()).isTrue();

        for (int number = 0; number < 5_000 && connection.isOpen(); number++) {
            frame(0, 0, STREAM, new byte[] {'x'});
        }
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void connectionWhenANodeStopsThenClosedBehindItsLastStream() {
        open(STREAM);

        connection.pipeline().fireUserEventTriggered(ShutdownEvent.CLOSE_IF_IDLE);
        assertThat(connection.isOpen()).isTrue();
        frame(3, 0, STREAM, ByteBuffer.allocate(4).putInt(8).array());

        connection.runPendingTasks();
        assertThat(connection.isOpen()).isFalse();
    }
}
