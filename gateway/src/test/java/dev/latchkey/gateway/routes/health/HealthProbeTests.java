package dev.latchkey.gateway.routes.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.forwarder.Endpoint;
import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.forwarder.ForwarderSettings;
import dev.latchkey.gateway.forwarder.NameServers;
import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a probe says of its backend, and what it does not. */
final class HealthProbeTests {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** At once, or because it has waited for the whole of its time. */
    @ParameterizedTest
    @CsvSource({"0, EXHAUSTED", "1, WAIT_TIMEOUT"})
    void probeWhenThisNodeHasNoConnectionLeftThenSaysNothingOfTheBackend(int waiting, BackendFailure.Kind kind)
            throws IOException, InterruptedException {
        ForwarderSettings one = new ForwarderSettings(1, 1, waiting, LONG, LONG, 1024);
        HealthCheckRule rule = new HealthCheckRule("/health", LONG, LONG, 1, 1, Set.of(200));
        HealthCheckRule next = new HealthCheckRule("/next", LONG, Duration.ofMillis(50), 1, 1, Set.of(200));
        BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Forwarder forwarder = new Forwarder(one, NameServers.PLATFORM)) {
            EventLoop loop = group.next();
            Endpoint backend = Endpoint.plain("127.0.0.1", silent.getLocalPort());
            loop.execute(() -> {
                new HealthProbe(rule, told::add, told::add).send(forwarder, loop, backend);
                new HealthProbe(next, told::add, told::add).send(forwarder, loop, backend);
            });

            assertThat(told.poll(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            BackendFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(kind));
        } finally {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
