package dev.latchkey.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.netty.ConnectionEvent;
import dev.latchkey.gateway.shutdown.ShutdownEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.ChannelOperations;

/** One request after the other, as soon as the answers are on their way and no sooner. */
final class TurnHandlerTests {

    private final Wire wire = new Wire();
    private final List<String> seen = new ArrayList<>();
    private boolean isBodyWanted;
    private final EmbeddedChannel channel = new EmbeddedChannel(wire, new TurnHandler(), new Application());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void nextWhenTheAnswerIsWrittenAndNotSentThenItWaitsForThat() {
        send("/a");
        answer();
        send("/b");
        assertThat(seen).containsExactly("/a", "last");
        wire.complete();
        channel.runPendingTasks();
        assertThat(seen).containsExactly("/a", "last", "/b", "last", "complete");
    }

    /** What the application does behind an answer may take its time, and the client has the answer by then. */
    @Test
    void nextWhenTheAnswerIsSentAndItsExchangeIsNotOverThenItWaitsForThatToo() {
        send("/a");
        Exchange exchange = new Exchange(channel);
        answer();
        wire.complete();
        send("/b");
        channel.runPendingTasks();
        assertThat(seen).containsExactly("/a", "last");
        exchange.end();
        channel.runPendingTasks();
        assertThat(seen).containsExactly("/a", "last", "/b", "last", "complete");
    }

    @Test
    void severalWhenTheyComeAtOnceThenEachHasItsTurn() {
        send("/a");
        send("/b");
        send("/c");
        answer();
        wire.complete();
        channel.runPendingTasks();
        assertThat(seen).doesNotContain("/c");
        answer();
        wire.complete();
        channel.runPendingTasks();
        assertThat(seen).contains("/c");
    }

    @Test
    void bodyWhenItsAnswerCameFirstThenItIsHandedOnAllTheSame() {
        channel.writeInbound(request("/a"));
        answer();
        wire.complete();
        channel.runPendingTasks();
        channel.writeInbound(new DefaultHttpContent(Unpooled.EMPTY_BUFFER), LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(seen).containsExactly("/a", "part", "last");
    }

    @Test
    void interimWhenItIsSentThenTheNextStillWaits() {
        send("/a");
        write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        wire.complete();
        channel.runPendingTasks();
        send("/b");
        assertThat(seen).doesNotContain("/b");
    }

    @Test
    void readWhenSomethingIsHeldThenItWaitsToo() {
        send("/a");
        send("/b");
        int before = wire.reads;
        channel.read();
        assertThat(wire.reads).isEqualTo(before);
        answer();
        wire.complete();
        channel.runPendingTasks();
        assertThat(wire.reads).isEqualTo(before + 1);
    }

    /** The server says once that a body may be read, and relies on it until the body has come. */
    @Test
    void bodyWhenItsRequestWasHeldWithTheBeginningOfItThenTheRestIsReadFreely() {
        send("/a");
        channel.writeInbound(request("/b"), new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
        assertThat(channel.config().isAutoRead()).isFalse();
        isBodyWanted = true;
        answer();
        wire.complete();
        channel.runPendingTasks();
        assertThat(seen).containsExactly("/a", "last", "/b", "part", "complete");
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void heldWhenTheClientLeavesThenReleased() {
        send("/a");
        ByteBuf body = Unpooled.buffer(8).writeLong(1);
        channel.writeInbound(request("/b"), new DefaultHttpContent(body));
        var unused = channel.close();
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void heldWhenTheConnectionEndsThenReleasedAndNeverHandedOn() {
        send("/a");
        ByteBuf body = Unpooled.buffer(8).writeLong(1);
        channel.writeInbound(request("/b"), new DefaultHttpContent(body));
        channel.pipeline().fireUserEventTriggered(ConnectionEvent.ENDS);
        assertThat(body.refCnt()).isZero();
        answer();
        wire.complete();
        channel.runPendingTasks();
        assertThat(seen).containsExactly("/a", "last");
    }

    /** The one that is held would be lost with the connection. */
    @Test
    void stopWhenARequestIsHeldThenOnlyBehindIt() {
        send("/a");
        send("/b");
        channel.pipeline().fireUserEventTriggered(ShutdownEvent.CLOSE_IF_IDLE);
        assertThat(seen).containsExactly("/a", "last");
        answer();
        wire.complete();
        channel.runPendingTasks();
        channel.pipeline().fireUserEventTriggered(ShutdownEvent.CLOSE_IF_IDLE);
        assertThat(seen).containsExactly("/a", "last", "/b", "last", "complete", "stop");
    }

    private void send(String target) {
        channel.writeInbound(request(target), LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private static HttpRequest request(String target) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
    }

    private void write(Object message) {
        var unused = channel.writeOneOutbound(message);
    }

    private void answer() {
        write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        write(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** Where writes wait until the test completes them. */
    private static final class Wire extends ChannelOutboundHandlerAdapter {

        private final List<ChannelPromise> waiting = new ArrayList<>();
        private int reads;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            waiting.add(promise);
        }

        @Override
        public void read(ChannelHandlerContext context) {
            reads++;
            context.read();
        }

        private void complete() {
            waiting.forEach(ChannelPromise::trySuccess);
            waiting.clear();
        }
    }

    /** What the server has of a request that it serves. */
    private static final class Exchange extends ChannelOperations<NettyInbound, NettyOutbound> {

        private Exchange(EmbeddedChannel channel) {
            super(Connection.from(channel), ConnectionObserver.emptyListener());
            bind();
        }

        private void end() {
            terminate();
        }
    }

    private final class Application extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                seen.add(request.uri());
                if (isBodyWanted) {
                    context.channel().config().setAutoRead(false).setAutoRead(true);
                }
            } else {
                seen.add(message instanceof LastHttpContent ? "last" : "part");
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ShutdownEvent.CLOSE_IF_IDLE) {
                seen.add("stop");
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (channel != null && seen.contains("/b")) {
                seen.add("complete");
            }
        }
    }
}
