package dev.latchkey.gateway.pipeline.client;

import dev.latchkey.gateway.http.Peer;
import dev.latchkey.gateway.http.RequestHead;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    public String of(RequestHead request) {
        if (!isPeerTrusted(request)) {
            return peer(request);
        }
        List<InetAddress> hops = hops(request);
        return IpAddresses.text(hops.get(hops.size() - 1));
    }

    private static String peer(RequestHead request) {
        Optional<Peer> peer = request.peer();
        return peer.isPresent() ? peer.get().text() : UNKNOWN;
    }

    /** The value of {@code X-Forwarded-For} for the backend: client first, peer last. */
    public String forwardedFor(RequestHead request) {
        if (!isPeerTrusted(request)) {
            return peer(request);
        }
        List<InetAddress> hops = hops(request);
        StringBuilder chain = new StringBuilder();
        for (int hop = hops.size() - 1; hop >= 0; hop--) {
            chain.append(IpAddresses.text(hops.get(hop))).append(hop == 0 ? "" : ", ");
        }
        return chain.toString();
    }

    /** Whether the peer may say for whom and how it forwards. */
    public boolean isPeerTrusted(RequestHead request) {
        return !trusted.isEmpty()
                && request.peer().filter(peer -> isTrustedProxy(peer.address())).isPresent();
    }

    /** From the peer, which is trusted, to the client. */
    private List<InetAddress> hops(RequestHead request) {
        Optional<InetAddress> speaker = request.peer().map(Peer::address);
        List<InetAddress> hops = new ArrayList<>();
        speaker.ifPresent(hops::add);
        String said = String.join(",", request.fields().all(FORWARDED_FOR));
        int end = said.length();
        while (speaker.filter(this::isTrustedProxy).isPresent() && end > 0 && hops.size() < MAX_HOPS) {
            int comma = said.lastIndexOf(',', end - 1);
            speaker = IpAddresses.entry(said.substring(comma + 1, end).strip());
            speaker.ifPresent(hops::add);
            end = comma;
        }
        return hops;
    }

    /** Whether {@code latchkey.trusted-proxies} contains the address; an IPv4 address is in no block of IPv6. */
    public boolean isTrustedProxy(InetAddress address) {
        if (trusted.isEmpty()) {
            return false;
        }
        InetSocketAddress peer = new InetSocketAddress(address, 0);
        for (IpSubnetFilterRule block : trusted) {
            if (block.matches(peer)) {
                return true;
            }
        }
        return false;
    }
}
