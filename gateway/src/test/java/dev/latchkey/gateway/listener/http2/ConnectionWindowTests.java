package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.listener.http2.Http2Pipeline.Http2Client;
import dev.latchkey.gateway.shutdown.Drain;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A connection of which some streams read their bodies, and others do not. */
final class ConnectionWindowTests {

    private static final int STREAM_WINDOW = 64 * 1024;
    private static final int CONNECTION_WINDOW = 1024 * 1024;

    /** As large as a frame may be, and as many as fit in a stream's window. */
    private static final int FRAME = 16_000;

    private static final int FRAMES = 4;

    private final EmbeddedChannel connection = new EmbeddedChannel();
    private Http2Client client;
    private boolean isReading;

    /** The first one is special to the library where the channel is not a server's. */
    private int stream = 1;

    @BeforeEach
    void begin() {
        Http2Properties properties = new Http2Properties(
                true, true, 100, DataSize.ofBytes(STREAM_WINDOW), DataSize.ofBytes(CONNECTION_WINDOW), 200);
        client = new Http2Pipeline(properties, new Drain()).add(connection, 16_384, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setAutoRead(isReading);
            }
        });
        connection.writeInbound(Http2CodecUtil.connectionPrefaceBuf().retainedDuplicate());
        connection.writeInbound(ClientFrames.frame(4, 0, 0, new byte[0]));
    }

    @AfterEach
    void close() {
        connection.finishAndReleaseAll();
    }

    private void upload() {
        stream += 2;
        connection.writeInbound(ClientFrames.post(stream));
        for (int number = 0; number < FRAMES; number++) {
            connection.writeInbound(ClientFrames.frame(0, 0, stream, new byte[FRAME]));
        }
    }

    private int window() {
        Http2Connection streams = client.codec().connection();
        return streams.local().flowController().windowSize(streams.connectionStream());
    }

    /** As many of the ones as leave room for one of the others. */
    @Test
    void windowWhenBodiesThatAreNotReadFillMuchOfItThenOthersGoOn() {
        for (int unread = STREAM_WINDOW; unread < CONNECTION_WINDOW - STREAM_WINDOW; unread += STREAM_WINDOW) {
            upload();
        }
        isReading = true;
        for (int read = 0; read < 2 * CONNECTION_WINDOW && window() >= FRAMES * FRAME; read += FRAMES * FRAME) {
            upload();
        }

        assertThat(connection.isOpen()).isTrue();
        assertThat(window()).isGreaterThanOrEqualTo(FRAMES * FRAME);
    }
}
