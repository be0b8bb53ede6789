package dev.latchkey.gateway.pipeline.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Follows {@code X-Forwarded-For} from the peer to the left for as long as the one who speaks is trusted. What stands
 * further left is hearsay: it is neither the client's address nor passed on.
 */
@Component
public final class ProxyChain implements ClientAddress, TrustedProxies {

    public static final String FORWARDED_FOR = "X-Forwarded-For";

    private static final String UNKNOWN = "unknown";
    private static final int MOST_HOPS = 32;

    private final List<AddressBlock> trusted;

    public ProxyChain(ForwardingProperties properties) {
        this.trusted = properties.blocks();
    }

    @Override
    public String of(ServerHttpRequest request) {
        Deque<InetAddress> hops = hops(request);
        return hops.isEmpty() ? UNKNOWN : IpAddresses.text(hops.getFirst());
    }

    /** Client first, peer last, as the backend is told. */
    public String forwardedFor(ServerHttpRequest request) {
        Deque<InetAddress> hops = hops(request);
        return hops.isEmpty() ? UNKNOWN : hops.stream().map(IpAddresses::text).collect(Collectors.joining(", "));
    }

    /** Whether the peer may say for whom and how it forwards. */
    public boolean isPeerTrusted(ServerHttpRequest request) {
        return peer(request).filter(this::trust).isPresent();
    }

    private Deque<InetAddress> hops(ServerHttpRequest request) {
        Deque<InetAddress> hops = new ArrayDeque<>();
        peer(request).ifPresent(hops::add);
        List<String> lines = request.getHeaders().getOrEmpty(FORWARDED_FOR);
        String rest = String.join(",", lines);
        Optional<InetAddress> speaker = peer(request);
        while (speaker.filter(this::trust).isPresent() && !rest.isEmpty() && hops.size() < MOST_HOPS) {
            int comma = rest.lastIndexOf(',');
            speaker = IpAddresses.entry(rest.substring(comma + 1).strip());
            speaker.ifPresent(hops::addFirst);
            rest = comma < 0 ? "" : rest.substring(0, comma);
        }
        return hops;
    }

    @Override
    public boolean trust(InetAddress address) {
        return trusted.stream().anyMatch(it -> it.contains(address));
    }

    private static Optional<InetAddress> peer(ServerHttpRequest request) {
        @Nullable InetSocketAddress remote = request.getRemoteAddress();
        return Optional.ofNullable(remote).map(InetSocketAddress::getAddress);
    }
}
