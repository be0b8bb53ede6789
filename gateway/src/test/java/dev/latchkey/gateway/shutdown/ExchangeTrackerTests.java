package dev.latchkey.gateway.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stop does to a connection. */
final class ExchangeTrackerTests {

    private final Drain drain = new Drain();
    private final EmbeddedChannel connection = new EmbeddedChannel(new ExchangeTracker(drain));

    private void ask() {
        connection.writeInbound(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void beginAnswer() {
        ask();
        connection.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    }

    @AfterEach
    void close() {
        connection.finishAndReleaseAll();
    }

    private void stop() {
        connection.pipeline().fireUserEventTriggered(ShutdownEvent.CLOSE_IF_IDLE);
    }

    @Test
    void connectionWhenItsAnswerIsWholeThenClosed() {
        beginAnswer();
        connection.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(connection.isOpen()).isTrue();
        stop();
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void connectionWhenItsAnswerIsUnderWayThenClosedBehindIt() {
        beginAnswer();
        stop();
        connection.writeOutbound(
                new DefaultHttpContent(connection.alloc().buffer().writeZero(1)));
        assertThat(connection.isOpen()).isTrue();
        connection.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(connection.isOpen()).isFalse();
    }

    /** The server answers in the version of the request, and the handler behind changes that. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
    void answerWhenTheNodeDrainsThenSaysThatTheConnectionEnds(String version) {
        drain.begin(Duration.ZERO);
        ask();
        connection.writeOutbound(new DefaultHttpResponse(HttpVersion.valueOf(version), HttpResponseStatus.OK));
        HttpResponse answer = connection.readOutbound();
        assertThat(answer.headers().getAll("Connection")).containsExactly("close");
    }
}
