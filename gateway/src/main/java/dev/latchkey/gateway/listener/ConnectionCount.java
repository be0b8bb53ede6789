package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts and limits the open client connections, in all and for each address, with meters of both. */
@Component
final class ConnectionCount {

    private final int most;
    private final int mostOfOne;
    private final ClientAddress clients;
    private final AtomicInteger all = new AtomicInteger();

    /** By client network; as many as connections are open at most. */
    private final Map<String, Integer> ofOne = new ConcurrentHashMap<>();

    private final MeterProvider<Counter> closings;

    ConnectionCount(ListenerProperties limits, ClientAddress clients, MeterRegistry registry) {
        this.most = limits.maxConnections();
        this.mostOfOne = limits.maxConnectionsPerAddress();
        this.clients = clients;
        this.closings = Counter.builder("latchkey.connections.closed")
                .description("Client connections that the gateway closed because a limit was reached")
                .withRegistry(registry);
        Stream.of(Closing.values()).forEach(this::counter);
        Gauge.builder("latchkey.connections", all, AtomicInteger::get)
                .description("Client connections that are open")
                .register(registry);
    }

    private Counter counter(Closing reason) {
        return closings.withTag("reason", reason.label());
    }

    /** The gateway closes a connection for this reason. */
    void closing(Closing reason) {
        counter(reason).increment();
    }

    /** Counts a new connection, or says why it is refused; one that was counted must be {@link #closed}. */
    Optional<Closing> opened(InetAddress address) {
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return Optional.of(Closing.MAX_CONNECTIONS);
        }
        int same = ofOne.merge(network(address), 1, Integer::sum);
        if (same > mostOfOne && !clients.isTrustedProxy(address)) {
            closed(address);
            return Optional.of(Closing.MAX_CONNECTIONS_PER_ADDRESS);
        }
        return Optional.empty();
    }

    void closed(InetAddress address) {
        all.decrementAndGet();
        ofOne.computeIfPresent(network(address), (network, count) -> count == 1 ? null : count - 1);
    }

    private static String network(InetAddress address) {
        return IpAddresses.network(NetUtil.toAddressString(address));
    }
}
