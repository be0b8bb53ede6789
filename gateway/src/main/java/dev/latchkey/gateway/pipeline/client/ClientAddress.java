package dev.latchkey.gateway.pipeline.client;

import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * The address of the client: the peer's, or, behind trusted proxies, the first untrusted one from the right of
 * {@code X-Forwarded-For}. Entries further left are hearsay: they are neither the client's address nor passed on.
 */
@Component
public final class ClientAddress {

    public static final String FORWARDED_FOR = "X-Forwarded-For";

    private static final String UNKNOWN = "unknown";
    private static final int MAX_HOPS = 32;

    private final List<IpSubnetFilterRule> trusted;

    public ClientAddress(ForwardingProperties properties) {
        this.trusted = properties.blocks();
    }

    /** The address as text; never empty, never taken from a header that an untrusted peer sent. */
    public String of(ServerHttpRequest request) {
        Deque<InetAddress> hops = hops(request);
        return hops.isEmpty() ? UNKNOWN : IpAddresses.text(hops.getFirst());
    }

    /** The value of {@code X-Forwarded-For} for the backend: client first, peer last. */
    public String forwardedFor(ServerHttpRequest request) {
        Deque<InetAddress> hops = hops(request);
        return hops.isEmpty() ? UNKNOWN : hops.stream().map(IpAddresses::text).collect(Collectors.joining(", "));
    }

    /** Whether the peer may say for whom and how it forwards. */
    public boolean isPeerTrusted(ServerHttpRequest request) {
        return peer(request).filter(this::isTrustedProxy).isPresent();
    }

    private Deque<InetAddress> hops(ServerHttpRequest request) {
        Deque<InetAddress> hops = new ArrayDeque<>();
        peer(request).ifPresent(hops::add);
        List<String> lines = request.getHeaders().getOrEmpty(FORWARDED_FOR);
        String rest = String.join(",", lines);
        Optional<InetAddress> speaker = peer(request);
        while (speaker.filter(this::isTrustedProxy).isPresent() && !rest.isEmpty() && hops.size() < MAX_HOPS) {
            int comma = rest.lastIndexOf(',');
            speaker = IpAddresses.entry(rest.substring(comma + 1).strip());
            speaker.ifPresent(hops::addFirst);
            rest = comma < 0 ? "" : rest.substring(0, comma);
        }
        return hops;
    }

    /** Whether {@code latchkey.trusted-proxies} contains the address; an IPv4 address is in no block of IPv6. */
    public boolean isTrustedProxy(InetAddress address) {
        InetSocketAddress peer = new InetSocketAddress(address, 0);
        return trusted.stream().anyMatch(block -> block.matches(peer));
    }

    private static Optional<InetAddress> peer(ServerHttpRequest request) {
        return Optional.ofNullable(request.getRemoteAddress()).map(InetSocketAddress::getAddress);
    }
}
