package dev.latchkey.gateway.forwarder;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsQueryLifecycleObserverFactory;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.lang.invoke.MethodHandles;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Who is asked for the addresses of backends, and for how long an answer is used. The hosts file is read first, and
 * search domains are the platform's. What is too long for UDP is asked for again over TCP (RFC 7766).
 *
 * @param addresses asked in this order; none: those of the platform
 * @param minTtl how long an answer is used at least; of a second only the whole ones
 * @param maxTtl how long at most; at least a second
 */
public record NameServers(List<InetSocketAddress> addresses, Duration minTtl, Duration maxTtl) {

    /** Those of the platform. */
    public static final NameServers PLATFORM =
            new NameServers(List.of(), Duration.ofSeconds(1), Duration.ofSeconds(30));

    public NameServers {
        addresses = List.copyOf(addresses);
        if (minTtl.isNegative() || maxTtl.compareTo(minTtl) < 0) {
            throw new IllegalArgumentException("out of range");
        }
    }

    /** Reads the platform's files now, and not on an event loop at the first request. */
    static void prepare() {
        try {
            MethodHandles.lookup().ensureInitialized(DnsNameResolver.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * One that remembers no answers, for names that are looked up again and again. To be closed.
     *
     * @param timeout for the answer of one server
     * @param observers hear what becomes of each question
     */
    public DnsNameResolver resolver(EventLoop loop, Duration timeout, DnsQueryLifecycleObserverFactory observers) {
        prepare();
        return nio().eventLoop(loop)
                .queryTimeoutMillis(timeout.toMillis())
                .dnsQueryLifecycleObserverFactory(observers)
                .build();
    }

    DnsNameResolverBuilder nio() {
        return builder().datagramChannelFactory(NioDatagramChannel::new).socketChannelFactory(NioSocketChannel::new);
    }

    DnsNameResolverBuilder epoll() {
        return builder()
                .datagramChannelFactory(EpollDatagramChannel::new)
                .socketChannelFactory(EpollSocketChannel::new);
    }

    private DnsNameResolverBuilder builder() {
        int most = (int) Math.max(1, maxTtl.toSeconds());
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder().ttl((int) minTtl.toSeconds(), most);
        return addresses.isEmpty()
                ? builder
                : builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(addresses));
    }
}
