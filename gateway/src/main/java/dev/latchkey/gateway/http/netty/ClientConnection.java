package dev.latchkey.gateway.http.netty;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all requests of one connection have in common.
 *
 * @param peer the address at the other end; empty unless it is an IP connection
 * @param isSecure whether it uses TLS
 */
public record ClientConnection(Optional<InetAddress> peer, boolean isSecure) {

    /** That of a connection, or of one stream in it, whose TLS is its parent's (RFC 9113 section 3.2). */
    public static ClientConnection of(Channel channel) {
        return new ClientConnection(addressOf(channel), isSecure(channel) || isSecure(channel.parent()));
    }

    /** The address at the other end, of a client or of a proxy in front; empty unless it is an IP connection. */
    public static Optional<InetAddress> addressOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? Optional.ofNullable(remote.getAddress())
                : Optional.empty();
    }

    private static boolean isSecure(@Nullable Channel channel) {
        return channel != null && channel.pipeline().get(SslHandler.class) != null;
    }
}
