package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.page.PageHeaders;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import dev.latchkey.gateway.pipeline.crosssite.CrossSiteFixtures;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.problem.SignInLink;
import dev.latchkey.gateway.telemetry.Recordings;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.accesslog.AccessLogProperties;
import dev.latchkey.gateway.telemetry.accesslog.AccessLogProperties.Mode;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.tunnel.HandshakeHold;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;
import reactor.netty.NettyPipeline;

/** A client's connection with the room's handlers, a clock that only the test moves, and nothing behind them. */
final class ClientChannel implements AutoCloseable {

    static final String ALLOWED = "https://app.example";

    static final Duration HEAD = Duration.ofSeconds(10);
    static final Duration BODY = Duration.ofSeconds(15);
    static final Duration BODY_IDLE = Duration.ofSeconds(30);
    static final Duration IDLE = Duration.ofSeconds(75);
    static final Duration SLOW = Duration.ofSeconds(30);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Socket channel = new Socket();
    private final Recordings recordings = new Recordings();
    private final Reads reads = new Reads();
    private final Application application = new Application();
    private final StringBuilder received = new StringBuilder();

    ClientChannel() {
        this(EndpointPaths.DEFAULT);
    }

    /** For a gateway whose own endpoints are elsewhere. */
    ClientChannel(EndpointPaths paths) {
        ListenerProperties limits =
                new ListenerProperties(HEAD, BODY, BODY_IDLE, IDLE, SLOW, DataSize.ofKilobytes(1), 10, 10);
        ClientAddress addresses = new ClientAddress(new ForwardingProperties(List.of()));
        ConnectionCount count = new ConnectionCount(limits, addresses, registry);
        RequestRecording recording = new RequestRecording(
                recordings.observers(),
                Recordings.ids(),
                Recordings.traces(false),
                addresses,
                new AccessLogProperties(Mode.OFF, 0, null, true, false, null));
        AnswerDate date = new AnswerDate(InstantSource.fixed(Instant.EPOCH));
        ListenerPipeline pipeline = new ListenerPipeline(
                limits,
                count,
                new EarlyRefusals(
                        CrossSiteFixtures.access(ALLOWED),
                        new ProblemWriter(
                                registry,
                                new PageHeaders(new PublicOriginsProperties(List.of(ALLOWED))),
                                paths,
                                new SignInLink(new PublicOriginsProperties(List.of(ALLOWED)), paths)),
                        recording,
                        date),
                new ReservedPaths(paths),
                recording,
                date);
        channel.freezeTime();
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(reads)
                .addLast(NettyPipeline.HttpCodec, new HttpServerCodec())
                .addLast(NettyPipeline.HttpTrafficHandler, new ChannelDuplexHandler())
                .addLast(NettyPipeline.ReactiveBridge, application);
        pipeline.addHandlers(channel);
    }

    /** The client sends this. */
    ClientChannel send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The gateway decodes nothing behind a handshake before that is answered. */
    ClientChannel holding() {
        HandshakeHold.install(channel.pipeline(), NettyPipeline.HttpCodec);
        return this;
    }

    /** The gateway is ready to read, as it is unless what is behind it is slow. */
    ClientChannel ready() {
        channel.read();
        return this;
    }

    /** From now on the gateway is ready to read as soon as it gets something, while the rest of it is decoded. */
    ClientChannel readyAtOnce() {
        application.isReadyAtOnce = true;
        return this;
    }

    /** The gateway answers with a body of this many bytes, to its end. */
    ClientChannel answer(int bytes) {
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(new byte[bytes]));
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes);
        channel.writeOutbound(answer);
        return this;
    }

    /** The gateway gives its last answer on this connection. */
    ClientChannel answerLast() {
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
        channel.writeOutbound(answer);
        return this;
    }

    /** The gateway begins an answer, and does not end it. */
    ClientChannel begin() {
        DefaultHttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        answer.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        channel.writeOutbound(answer);
        return this;
    }

    /** The gateway sends more of it. */
    ClientChannel more(int bytes) {
        if (!channel.isOpen()) {
            return this;
        }
        channel.writeOutbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[bytes])));
        return this;
    }

    /** The gateway ends it. */
    ClientChannel end() {
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        return this;
    }

    /** The client takes one piece of what waits for it. */
    ClientChannel takesOne() {
        channel.pieces = 1;
        channel.flush();
        channel.pieces = 0;
        return this;
    }

    ClientChannel upgrade() {
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS));
        return this;
    }

    /** The client stops taking what is sent to it, or goes on. */
    ClientChannel takes(boolean takes) {
        channel.pieces = takes ? Integer.MAX_VALUE : 0;
        channel.flush();
        return this;
    }

    ClientChannel pass(Duration time) {
        for (long second = 0; second < time.toSeconds() && channel.isOpen(); second++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runPendingTasks();
        }
        return this;
    }

    /** How often the gateway asked the operating system for more. */
    int reads() {
        return reads.count;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** The requests that came through, by method and target. */
    List<String> requests() {
        List<String> requests = new ArrayList<>();
        for (Object message : channel.inboundMessages()) {
            if (message instanceof HttpRequest request) {
                requests.add(request.method() + " " + request.uri());
            }
        }
        return requests;
    }

    /** Of all requests that came through. */
    String content() {
        StringBuilder content = new StringBuilder();
        for (Object message : channel.inboundMessages()) {
            if (message instanceof HttpContent part) {
                content.append(part.content().toString(StandardCharsets.ISO_8859_1));
            }
        }
        return content.toString();
    }

    HttpRequest request() {
        return (HttpRequest) channel.inboundMessages().element();
    }

    /** All that the client was sent. */
    String received() {
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            received.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return received.toString();
    }

    /** What has ended, in this order. */
    List<RequestRecord> records() {
        return recordings.ended();
    }

    double closed(Closing reason) {
        return registry.get("latchkey.connections.closed")
                .tag("reason", reason.label())
                .counter()
                .count();
    }

    double problems(String name) {
        return registry.get("latchkey.problems").tag("problem", name).counter().count();
    }

    @Override
    public void close() {
        channel.pieces = Integer.MAX_VALUE;
        var unused = channel.close();
        channel.releaseInbound();
        channel.releaseOutbound();
    }

    private static final class Reads extends ChannelDuplexHandler {

        private int count;

        @Override
        public void read(ChannelHandlerContext context) {
            count++;
            context.read();
        }
    }

    private static final class Application extends ChannelInboundHandlerAdapter {

        private boolean isReadyAtOnce;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.fireChannelRead(message);
            if (isReadyAtOnce) {
                context.read();
            }
        }
    }

    /** Takes what is written only while its client does. */
    private static final class Socket extends EmbeddedChannel {

        private int pieces = Integer.MAX_VALUE;

        @Override
        protected void doWrite(ChannelOutboundBuffer written) {
            for (int taken = 0; taken < pieces && written.current() != null; taken++) {
                handleOutboundMessage(ReferenceCountUtil.retain(written.current()));
                written.remove();
            }
        }
    }
}
