package dev.latchkey.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind a handshake nothing is decoded until it is answered, and nothing is lost. */
final class HandshakeHoldTests {

    private static final String HANDSHAKE = "GET /socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
    private static final String PAGE = "GET /page HTTP/1.1\r\n\r\n";
    private static final List<String> BODIES = List.of(
            PAGE,
            "POST /page HTTP/1.1\r\nContent-Length: 7\r\n\r\n\r\n\r\nabc",
            "POST /page HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /page HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1A;a=\"b\"\r\n0\r\n\r\n"
                    + "GET / HTTP/1.1\r\n\r\n---" + "\r\n2\r\n\r\n\r\n000;x\r\nX: y\r\n\r\n");
    private static final int BOUND = 64 * 1024;

    private final Wire wire = new Wire();
    private final Application application = new Application();
    private final EmbeddedChannel channel = new EmbeddedChannel(wire);

    HandshakeHoldTests() {
        channel.pipeline().addLast("codec", new HttpServerCodec());
        HandshakeHold.install(channel.pipeline(), "codec");
        channel.pipeline().addLast(application);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void requestsWhenInAnyPiecesThenHandedOnInOrderAndNoneBehindAHandshake() {
        Random random = new Random(20_261_128);
        for (int round = 0; round < 2_000; round++) {
            List<String> targets = new ArrayList<>();
            StringBuilder bytes = new StringBuilder();
            for (int count = 1 + random.nextInt(6); count > 0; count--) {
                String target = (random.nextBoolean() ? "/socket" : "/page") + targets.size();
                targets.add(target);
                String request = target.startsWith("/s") ? HANDSHAKE : BODIES.get(random.nextInt(BODIES.size()));
                bytes.append(random.nextBoolean() ? "\r\n" : "").append(request.replaceFirst("/[a-z]*", target));
            }
            play(random, bytes.toString());
            assertThat(application.targets).as("round %d", round).isEqualTo(targets);
            application.targets.clear();
        }
    }

    private void play(Random random, String bytes) {
        int at = 0;
        while (at < bytes.length() || application.owed > 0) {
            if (application.owed > 0 && (at == bytes.length() || random.nextInt(4) == 0)) {
                answer();
            } else {
                int end = Math.min(bytes.length(), at + 1 + random.nextInt(random.nextBoolean() ? 5 : 120));
                send(bytes.substring(at, end));
                at = end;
            }
        }
    }

    @Test
    void bodiesWhenBetweenRequestsThenPassed() {
        String end = "\r\n\r\n";
        send("POST /a HTTP/1.1\r\nContent-Length: 8" + end + end);
        send(end + "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked" + end + "4\r\n" + end + "\r\n0" + end + PAGE);

        assertThat(application.targets).containsExactly("/a", "/b", "/page");
        assertThat(application.bodies.toString()).isEqualTo("\r\n".repeat(6));
    }

    @Test
    void bodyWhenItsRequestNamesAWebSocketThenPassed() {
        send("POST /a HTTP/1.1\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\n");
        send("hello");

        assertThat(application.bodies.toString()).isEqualTo("hello");
    }

    @Test
    void framesWhenMoreThanTheBoundThenNoMoreIsReadUntilTheAnswer() {
        int sent = 0;
        send(HANDSHAKE);
        while (canRead()) {
            assertThat(channel.config().isAutoRead()).isTrue();
            send("x".repeat(8 * 1024));
            sent += 8 * 1024;
        }
        assertThat(sent).isEqualTo(BOUND);
        assertThat(channel.config().isAutoRead()).isFalse();

        channel.pipeline().remove("codec");
        HandshakeHold.remove(channel.pipeline());
        assertThat(application.bodies).hasSize(BOUND);
    }

    /** A client can send each byte by itself, and each read costs more than what it brings. */
    @Test
    void heldWhenInManyPiecesThenNoMoreIsReadUntilTheAnswer() {
        String pages = PAGE.repeat(50);
        int sent = 0;
        send(HANDSHAKE);
        while (sent < pages.length() && canRead()) {
            assertThat(channel.config().isAutoRead()).isTrue();
            send(pages.substring(sent, sent + 1));
            sent++;
        }
        assertThat(sent).isLessThan(1_000);
        assertThat(channel.config().isAutoRead()).isFalse();

        answer();
        assertThat(canRead()).isTrue();
        send(pages.substring(sent));
        assertThat(application.targets).hasSize(1 + 50);
    }

    @Test
    void heldWhenMoreThanTheBoundIsRefusedThenReadOn() {
        String page = PAGE.replaceFirst("\r\n", "\r\nX-Long: " + "x".repeat(1000) + "\r\n");
        int count = BOUND / page.length() + 1;
        send(HANDSHAKE + page.repeat(count));
        send(page);
        assertThat(canRead()).isFalse();

        answer();
        assertThat(canRead()).isTrue();
        assertThat(application.targets).hasSize(1 + count + 1);
    }

    /** The codec ends a connection on which it has decoded more than 128 that are not answered. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /page HTTP/1.1||",
                "POST /page HTTP/1.1|Content-Length: 4||||",
                "POST /page HTTP/1.1|Transfer-Encoding: chunked||4||||0||",
                "POST /page HTTP/1.1|Content-Length: 0||"
            })
    void requestsWhenManyComeInOneReadThenDecodedNotFarAhead(String request) {
        send(request.replace("|", "\r\n").repeat(500));
        assertThat(application.targets).hasSizeLessThan(128);

        while (application.owed > 0) {
            answer();
        }
        assertThat(application.targets).hasSize(500);
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 131072||%s%s", "Transfer-Encoding: chunked||20000|%s%s|0||"})
    void bodyWhenLongThenDecodedInNoMorePiecesThanItComesIn(String rest) {
        String half = "\n".repeat(65_536);
        String request = "POST /a HTTP/1.1\r\n" + rest.replace("|", "\r\n").formatted(half, half);
        int middle = request.indexOf('\n') + 65_536;
        send(request.substring(0, middle));
        send(request.substring(middle) + PAGE);

        assertThat(application.targets).containsExactly("/a", "/page");
        assertThat(application.bodies).hasSize(131_072);
        assertThat(application.pieces).as("of the codec").isLessThanOrEqualTo(131_072 / 8192 + 2);
    }

    /** The answer may wait for it. */
    @Test
    void bodyWhenManyRequestsAreUnansweredBeforeItThenPassed() {
        send(PAGE.repeat(99) + "POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nhe");
        send("ll");

        assertThat(application.bodies.toString()).isEqualTo("hell");
    }

    /** As the gateway refuses most that it refuses: with the head, before the codec tells of the end of the request. */
    @Test
    void nextWhenTheHandshakeIsRefusedBeforeItsEndThenHandedOn() {
        application.answersAtOnce = true;
        send(HANDSHAKE);
        channel.runPendingTasks();
        channel.releaseOutbound();
        send(PAGE);
        assertThat(application.targets).containsExactly("/socket", "/page");
    }

    @Test
    void heldWhenTheClientLeavesThenReleased() {
        ByteBuf frame = Unpooled.buffer(8).writeLong(1);
        send(HANDSHAKE);
        channel.writeInbound(frame);
        assertThat(frame.refCnt()).isOne();

        var unused = channel.close();
        assertThat(frame.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2|*hi", "Transfer-Encoding: chunked|*2|hi|0|*"})
    void handshakeWhenBehindABodyThenTheLastRequest(String rest) {
        send("POST /a HTTP/1.1|".concat(rest).replace("*", "|").replace("|", "\r\n") + HANDSHAKE + PAGE);
        answer();

        assertThat(application.targets).containsExactly("/a", "/socket");
        assertThat(HandshakeHold.isLastRequest(channel.pipeline())).isTrue();
    }

    /** Where it finds the end of a body elsewhere than the codec does. */
    @Test
    void handshakeWhenMoreWasDecodedBehindItThenNotTheLastRequest() {
        ByteBuf both = Unpooled.copiedBuffer(HANDSHAKE + PAGE, StandardCharsets.ISO_8859_1);
        channel.pipeline().context(HandshakeHold.class).fireChannelRead(both);

        assertThat(HandshakeHold.isLastRequest(channel.pipeline())).isFalse();
    }

    /** Whether a read that is asked for now comes to the wire. */
    private boolean canRead() {
        int before = wire.reads;
        channel.read();
        return wire.reads > before;
    }

    private void send(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    private static HttpResponse refusal() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN, Unpooled.EMPTY_BUFFER);
    }

    private void answer() {
        application.owed--;
        channel.writeOutbound(refusal());
        channel.releaseOutbound();
        channel.runPendingTasks();
    }

    /** Counts what is read. */
    private static final class Wire extends ChannelOutboundHandlerAdapter {

        private int reads;

        @Override
        public void read(ChannelHandlerContext context) {
            reads++;
            context.read();
        }
    }

    /** Notes what comes, and that nothing comes behind a handshake that it owes an answer. */
    private static final class Application extends ChannelInboundHandlerAdapter {

        private final List<String> targets = new ArrayList<>();
        private final StringBuilder bodies = new StringBuilder();
        private int owed;
        private int pieces;
        private boolean answersAtOnce;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                targets.add(request.uri());
                owed++;
            }
            if (answersAtOnce && message instanceof HttpRequest) {
                var unused = context.writeAndFlush(refusal());
            }
            ByteBuf body = message instanceof HttpContent part ? part.content() : null;
            if (message instanceof ByteBuf bytes) {
                body = bytes;
            }
            if (body != null
                    && !(message instanceof LastHttpContent last
                            && !last.content().isReadable())) {
                pieces++;
                bodies.append(body.toString(StandardCharsets.ISO_8859_1));
            }
            ReferenceCountUtil.release(message);
        }
    }
}
