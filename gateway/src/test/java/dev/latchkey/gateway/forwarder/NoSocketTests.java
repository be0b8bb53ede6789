package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that has no file left for a socket. */
final class NoSocketTests {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final DnsAddressResolverGroup names = new DnsAddressResolverGroup(NameServers.PLATFORM.nio());
    private final Usage usage = Usage.none();
    private final LoopPools pools = new LoopPools(
            loop,
            new ForwarderSettings(1, 1, 10, Duration.ofSeconds(5), Duration.ofSeconds(4), 32 * 1024),
            new Transport(
                    false,
                    () -> {
                        throw new ChannelException("Too many open files");
                    },
                    names),
            usage);

    @AfterEach
    void stop() {
        names.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void requestWhenNoSocketCanBeMadeThenFailsAndLeavesNothing() throws Exception {
        Recorder recorder = new Recorder(true);

        loop.submit(() -> {
                    var head = Calls.request("GET");
                    BackendExchange exchange = new BackendExchange(
                            pools.of(Endpoint.plain("127.0.0.1", 9)),
                            head,
                            StatedBody.of(head, false),
                            Calls.LIMITS,
                            recorder);
                    exchange.start();
                })
                .get(30, TimeUnit.SECONDS);

        assertThat(recorder.told()).containsExactly("failed FAULT");
        assertThat(usage.connections().sum()).isZero();
        assertThat(usage.exchanges().sum()).isZero();
        assertThat(loop.submit(pools::size).get(30, TimeUnit.SECONDS)).isZero();
    }
}
