package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a stream ends. */
final class StreamCodecTests {

    private final EmbeddedChannel stream = new EmbeddedChannel(new StreamCodec(4096, 8192));

    @AfterEach
    void release() {
        stream.finishAndReleaseAll();
    }

    /** The channel of a stream ends by itself only when all is read, and a backend that is slow may be in the way. */
    @Test
    void streamWhenItsClientResetsItThenClosedWithoutAWord() {
        stream.pipeline().fireUserEventTriggered(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        stream.runPendingTasks();

        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.outboundMessages()).isEmpty();
    }

    @Test
    void streamWhenClosedBeforeTheEndOfItsAnswerThenResetOnce() {
        var unused = stream.close();

        assertThat(stream.outboundMessages()).hasSize(1);
        assertThat(stream.<Http2ResetFrame>readOutbound().errorCode()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
    }
}
