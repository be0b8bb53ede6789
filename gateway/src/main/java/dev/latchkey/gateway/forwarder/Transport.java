package dev.latchkey.gateway.forwarder;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;

/**
 * The kind of sockets that an event loop can serve.
 *
 * @param isEpoll whether it is that of Linux
 * @param sockets makes a channel
 * @param names asks name servers without blocking; it also reads the hosts file
 */
record Transport(boolean isEpoll, ChannelFactory<SocketChannel> sockets, DnsAddressResolverGroup names) {

    private static final long MOST_UNSENT = 128 * 1024L;
    private static final int PROBE_AFTER_SECONDS = 60;
    private static final int PROBE_SECONDS = 20;
    private static final int MOST_PROBES = 6;

    static Transport nio(NameServers names) {
        return new Transport(false, NioSocketChannel::new, new DnsAddressResolverGroup(names.nio()));
    }

    static Transport epoll(NameServers names) {
        return new Transport(true, EpollSocketChannel::new, new DnsAddressResolverGroup(names.epoll()));
    }

    static boolean servesEpoll(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
    }

    /**
     * What is not sent yet is kept here, where its progress can be seen, and not in a buffer of megabytes of the
     * kernel's, which a slow backend empties for minutes before it says so. And a backend that has vanished while its
     * answer may be silent is found within three minutes, not two hours.
     */
    void tune(Bootstrap bootstrap) {
        if (isEpoll) {
            bootstrap
                    .option(EpollChannelOption.TCP_NOTSENT_LOWAT, MOST_UNSENT)
                    .option(EpollChannelOption.TCP_KEEPIDLE, PROBE_AFTER_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPINTVL, PROBE_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPCNT, MOST_PROBES);
        }
    }
}
