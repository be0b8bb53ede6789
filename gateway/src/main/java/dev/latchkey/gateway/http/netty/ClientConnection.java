package dev.latchkey.gateway.http.netty;

import dev.latchkey.gateway.http.Peer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all requests of one connection have in common.
 *
 * @param peer empty unless it is an IP connection
 * @param isSecure whether it uses TLS
 * @param isHttp2 whether it is a stream of HTTP/2
 */
public record ClientConnection(Optional<Peer> peer, boolean isSecure, boolean isHttp2) {

    /** How long a client may take to read why its connection ends. */
    private static final long FAREWELL_SECONDS = 5;

    /** That of a connection, or of one stream in it, whose TLS is its parent's (RFC 9113 section 3.2). */
    public static ClientConnection of(Channel channel) {
        return new ClientConnection(
                addressOf(channel).map(Peer::of), isSecure(channel) || isSecure(channel.parent()), isStream(channel));
    }

    /** The version in which a client sent a request, which on a stream looks like one of HTTP/1.1. */
    public static String version(HttpVersion said, Channel channel) {
        return version(said, isStream(channel));
    }

    static String version(HttpVersion said, boolean isStream) {
        return isStream ? "2.0" : said.minorVersion() == 0 ? "1.0" : "1.1";
    }

    private static boolean isStream(Channel channel) {
        return channel instanceof Http2StreamChannel;
    }

    /** The address at the other end, of a client or of a proxy in front; empty unless it is an IP connection. */
    public static Optional<InetAddress> addressOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? Optional.ofNullable(remote.getAddress())
                : Optional.empty();
    }

    /**
     * Ends a connection so that no answer on it looks whole, without lingering: the operating system drops what it
     * still holds for the client. It is closed from the front of the pipeline, because the TLS handler would send a
     * close_notify, which is a proper end (RFC 8446 section 6.1). A stream of HTTP/2 is reset when it is closed before
     * its end.
     */
    public static void reset(Channel channel) {
        if (channel.isActive() && !isStream(channel)) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            ChannelFuture unused = channel.pipeline().firstContext().close();
        } else {
            ChannelFuture unused = channel.close();
        }
    }

    /** Resets it when the client has had time to read why: what waits to be sent may wait without a limit. */
    public static void resetAfterFarewell(Channel channel) {
        var unused = channel.eventLoop().schedule(() -> reset(channel), FAREWELL_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean isSecure(@Nullable Channel channel) {
        return channel != null && channel.pipeline().get(SslHandler.class) != null;
    }
}
