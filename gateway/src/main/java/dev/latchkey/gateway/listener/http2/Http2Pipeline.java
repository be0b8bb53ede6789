package dev.latchkey.gateway.listener.http2;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.shutdown.Drain;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.ShutdownHint;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/** The handlers of a connection that speaks HTTP/2, with all limits that Netty's codec has. */
@Component
public final class Http2Pipeline {

    private static final int RESETS_SECONDS = 30;

    /** The codec counts 32 bytes for each field besides its characters (RFC 9113 section 6.5.2). */
    private static final int FIELDS = 2;

    private final Http2Properties properties;
    private final Drain drain;

    Http2Pipeline(Http2Properties properties, Drain drain) {
        this.properties = properties;
        this.drain = drain;
    }

    /** The connection of the streams, to be closed with an error or without. */
    public record Http2Client(Http2FrameCodec codec, FrameWatch frames) {

        /** How many requests are under way. */
        public int streams() {
            return codec.connection().numActiveStreams();
        }

        /** Ends the connection and all its streams at once, and says why (RFC 9113 section 5.4.1). */
        public void end(Channel connection, Http2Error error, String reason) {
            end(connection, Http2Exception.connectionError(error, reason));
        }

        /**
         * Ends a connection without streams. It names the last one: those on their way may be sent anew on another
         * connection (RFC 9113 section 6.8).
         */
        public void endIdle(Channel connection, String reason) {
            end(connection, new Http2Exception(Http2Error.NO_ERROR, reason, ShutdownHint.GRACEFUL_SHUTDOWN));
        }

        private void end(Channel connection, Http2Exception why) {
            ChannelHandlerContext context = connection.pipeline().context(codec);
            if (context != null) {
                codec.onError(context, false, why);
                ClientConnection.resetAfterFarewell(connection);
            }
        }
    }

    /**
     * Adds them at the end of the connection's pipeline.
     *
     * @param largestHead most bytes of a request's head, as in HTTP/1.1
     * @param streams prepares the channel of each stream
     */
    public Http2Client add(Channel connection, int largestHead, ChannelHandler streams) {
        FrameWatch frames = new FrameWatch();
        Http2FrameCodec codec = codec(largestHead, frames);
        Http2Client client = new Http2Client(codec, frames);
        Runnable flooded = () -> client.end(connection, Http2Error.ENHANCE_YOUR_CALM, "too many frames");
        frames.follow(flooded, stream -> window(codec.connection(), stream));
        ChannelPipeline pipeline = connection.pipeline();
        pipeline.addLast("latchkey.frames", frames)
                .addLast(NettyPipeline.HttpCodec, codec)
                .addLast("latchkey.connection", new ConnectionGuard(codec, drain, flooded))
                .addLast(NettyPipeline.H2MultiplexHandler, new Http2MultiplexHandler(streams));
        widen(pipeline, codec.connection());
        returnSoon(codec.connection());
        return client;
    }

    /** Whether bodies that wait for their backends leave a client room for more on this connection. */
    public static boolean hasRoomForBodies(Channel connection) {
        Http2FrameCodec codec = connection.pipeline().get(Http2FrameCodec.class);
        if (codec == null) {
            return true;
        }
        Http2Connection streams = codec.connection();
        return streams.local().flowController().windowSize(streams.connectionStream()) > 0;
    }

    /** How many bytes the client lets it be sent; of a stream that is over, any. */
    private static int window(Http2Connection connection, int number) {
        Http2Stream stream = connection.stream(number);
        return stream == null
                ? Integer.MAX_VALUE
                : connection.remote().flowController().windowSize(stream);
    }

    private Http2FrameCodec codec(int largestHead, FrameWatch frames) {
        return new CodecBuilder(frames, properties.maxResets())
                .initialSettings(new Http2Settings()
                        .maxConcurrentStreams(properties.maxConcurrentStreams())
                        .initialWindowSize((int) properties.streamWindow().toBytes())
                        .maxHeaderListSize((long) FIELDS * largestHead))
                .validateHeaders(true)
                .validateRequiredPseudoHeaders(true)
                .decoderEnforceMaxRstFramesPerWindow(properties.maxResets(), RESETS_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(0, 0)
                .gracefulShutdownTimeoutMillis(-1)
                .build();
    }

    /** The only way to a codec that has another decoder and encoder, and knows its streams. */
    private static final class CodecBuilder extends Http2FrameCodecBuilder {

        private final FrameWatch frames;
        private final int maxResets;
        private final ClientStreams streams = new ClientStreams();

        CodecBuilder(FrameWatch frames, int maxResets) {
            this.frames = frames;
            this.maxResets = maxResets;
            connection(streams);
        }

        @Override
        protected Http2FrameCodec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return super.build(
                    new LateFrames(decoder, streams, frames),
                    new ResetLimit(new LastData(encoder), maxResets, frames),
                    settings);
        }
    }

    /** A stream whose backend is slow may fill its own window, and not that of all. */
    private void widen(ChannelPipeline pipeline, Http2Connection streams) {
        int now = streams.local().flowController().windowSize(streams.connectionStream());
        int wanted = (int) properties.connectionWindow().toBytes();
        if (wanted > now) {
            var unused = pipeline.writeAndFlush(new DefaultHttp2WindowUpdateFrame(wanted - now));
        }
    }

    /**
     * What was read of all bodies is returned to the client once it is as much as one stream's window. The codec would
     * wait for half of the connection's, which never comes while more than the other half waits for backends.
     */
    private void returnSoon(Http2Connection streams) {
        float unread = 1
                - (float) properties.streamWindow().toBytes()
                        / properties.connectionWindow().toBytes();
        var flow = (DefaultHttp2LocalFlowController) streams.local().flowController();
        try {
            flow.windowUpdateRatio(
                    streams.connectionStream(),
                    Math.max(DefaultHttp2LocalFlowController.DEFAULT_WINDOW_UPDATE_RATIO, unread));
        } catch (Http2Exception failure) {
            throw new IllegalStateException("The connection's window cannot be set", failure);
        }
    }
}
