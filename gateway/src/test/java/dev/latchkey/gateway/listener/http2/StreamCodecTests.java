package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a stream ends, and what it brings before that. */
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

    /** Its end may wait for the window of a client that does not read, and nobody would wait for that any more. */
    @ParameterizedTest
    @CsvSource({"GET, true", "GET, false", "HEAD, true", "HEAD, false"})
    void streamWhenClosedBehindTheEndOfItsAnswerThenResetIfThatWasNotSent(String method, boolean isSent) {
        ask(method);
        var unusedWrite = stream.write(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, bytes("content")));
        if (isSent) {
            stream.flush();
        }
        var unused = stream.close();

        int frames = method.equals("HEAD") ? 1 : 2;
        for (int number = 0; number < frames; number++) {
            ReferenceCountUtil.release(stream.readOutbound());
        }
        Http2ResetFrame reset = stream.readOutbound();
        assertThat(reset == null ? -1 : reset.errorCode()).isEqualTo(isSent ? -1 : Http2Error.INTERNAL_ERROR.code());
    }

    /** RFC 9110 sections 9.3.2, 15.3.5, 15.3.6 and 15.4.5: as the codec of HTTP/1.1 has it. */
    @ParameterizedTest
    @CsvSource({"HEAD, 400, 7", "HEAD, 200, 7", "GET, 204, ", "GET, 205, 0", "GET, 304, 7"})
    void answerWhenItHasNoContentThenItsHeadAloneOnceItIsWhole(String method, int status, String length) {
        ask(method);
        DefaultHttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        answer.headers().set("Content-Length", 7);
        stream.writeOutbound(answer, new DefaultHttpContent(bytes("content")));
        assertThat(stream.outboundMessages()).isEmpty();
        stream.writeOutbound(last());

        Http2HeadersFrame head = stream.readOutbound();
        assertThat(head.headers().status()).asString().isEqualTo(String.valueOf(status));
        assertThat(Objects.toString(head.headers().get("content-length"), null)).isEqualTo(length);
        assertThat(head.isEndStream()).isTrue();
        assertThat(stream.outboundMessages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 400, false", "GET, 400, true", "GET, 205, false"})
    void answerWhenItIsWrittenAtOnceThenItHasContentOnlyWhereItMay(String method, int status, boolean hasContent) {
        ask(method);
        stream.writeOutbound(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), bytes("content")));

        Http2HeadersFrame head = stream.readOutbound();
        assertThat(head.isEndStream()).isEqualTo(!hasContent);
        assertThat(stream.outboundMessages()).hasSize(hasContent ? 1 : 0);
    }

    @Test
    void answerWhenItHasContentThenItsTrailersEndIt() {
        ask("GET");
        stream.writeOutbound(
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK),
                new DefaultHttpContent(bytes("content")),
                last());

        assertThat(stream.<Http2HeadersFrame>readOutbound().isEndStream()).isFalse();
        Http2DataFrame content = stream.readOutbound();
        assertThat(content.content().toString(StandardCharsets.US_ASCII)).isEqualTo("content");
        content.release();
        Http2HeadersFrame trailers = stream.readOutbound();
        assertThat(trailers.isEndStream()).isTrue();
        assertThat(trailers.headers().get("x-sum")).asString().isEqualTo("7");
    }

    private void ask(String method) {
        stream.writeInbound(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers()
                        .method(method)
                        .path("/")
                        .scheme("http")
                        .authority("a"),
                true));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static LastHttpContent last() {
        DefaultLastHttpContent last = new DefaultLastHttpContent();
        last.trailingHeaders().set("x-sum", "7");
        return last;
    }
}
