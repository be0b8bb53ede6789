package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.shutdown.Drain;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** A stream whose window is used up is reset, and its reset waits for a full socket. */
final class LastDataTests {

    /** The first one is special to the library where the channel is not a server's. */
    private static final int STREAM = 3;

    private static final int MORE = 1 << 20;

    private final ByteBuf sent = Unpooled.buffer();
    private final EmbeddedChannel connection = new EmbeddedChannel(new FullSocket());
    private final List<Channel> streams = new ArrayList<>();

    @BeforeEach
    void begin() {
        Http2Properties properties =
                new Http2Properties(true, true, 100, DataSize.ofKilobytes(64), DataSize.ofMegabytes(1), 200);
        new Http2Pipeline(properties, new Drain()).add(connection, 16_384, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                streams.add(stream);
            }
        });
        connection.writeInbound(Http2CodecUtil.connectionPrefaceBuf().retainedDuplicate());
        frame(Http2FrameTypes.SETTINGS, 0, 0, new byte[0]);
        connection.writeInbound(ClientFrames.post(STREAM));
    }

    @AfterEach
    void close() {
        connection.finishAndReleaseAll();
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        connection.writeInbound(ClientFrames.frame(type, flags, stream, payload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"window update", "setting"})
    void streamWhenItsClientOpensItsWindowBeforeItKnowsOfTheResetThenNothingComesBehindThat(String how) {
        Channel answer = streams.get(0);
        byte[] body = new byte[2 * Http2CodecUtil.DEFAULT_WINDOW_SIZE];
        assertThat(List.of(
                        answer.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"))),
                        answer.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body))),
                        answer.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR))))
                .noneMatch(Future::isDone);

        frame(Http2FrameTypes.WINDOW_UPDATE, 0, 0, number(MORE));
        if (how.equals("setting")) {
            ByteBuffer setting = ByteBuffer.allocate(6)
                    .putShort((short) Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE)
                    .putInt(MORE);
            frame(Http2FrameTypes.SETTINGS, 0, 0, setting.array());
        } else {
            frame(Http2FrameTypes.WINDOW_UPDATE, 0, STREAM, number(MORE));
        }

        assertThat(frames())
                .startsWith(Http2FrameTypes.HEADERS, Http2FrameTypes.DATA)
                .endsWith(Http2FrameTypes.DATA, Http2FrameTypes.RST_STREAM);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** The types of those of the stream. */
    private List<Byte> frames() {
        List<Byte> types = new ArrayList<>();
        while (sent.isReadable()) {
            int length = sent.readUnsignedMedium();
            byte type = sent.readByte();
            sent.skipBytes(1);
            if (sent.readInt() == STREAM) {
                types.add(type);
            }
            sent.skipBytes(length);
        }
        return types;
    }

    /** Takes all, and never says that it has been sent. */
    private final class FullSocket extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            ByteBuf bytes = (ByteBuf) message;
            sent.writeBytes(bytes);
            bytes.release();
        }
    }
}
