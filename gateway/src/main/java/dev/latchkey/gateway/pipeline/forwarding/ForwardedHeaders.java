package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.pipeline.client.ClientAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Informs the backend how the client reached the gateway. What a trusted proxy says counts; of several hosts or ports
 * it is the last one, because the others may be its own client's.
 */
@Component
final class ForwardedHeaders {

    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PORT = "X-Forwarded-Port";
    private static final Pattern HOSTS =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");
    private static final Pattern PORTS = Pattern.compile("[1-9][0-9]{0,4}");

    private final ClientAddress chain;

    ForwardedHeaders(ClientAddress chain) {
        this.chain = chain;
    }

    /** Sets ours; none of the family may be there before. */
    void set(ServerHttpRequest request, HttpHeaders headers) {
        boolean trusted = chain.isPeerTrusted(request);
        String proto = proto(request).filter(said -> trusted).orElseGet(() -> scheme(request));
        Optional<String> host =
                last(request, HOST, HOSTS).filter(said -> trusted).or(() -> last(request, HttpHeaders.HOST, HOSTS));
        String port = last(request, PORT, PORTS)
                .filter(said -> trusted)
                .or(() -> host.flatMap(ForwardedHeaders::portOf))
                .orElseGet(() -> proto.equals("https") ? "443" : "80");
        headers.set(ClientAddress.FORWARDED_FOR, chain.forwardedFor(request));
        headers.set(PROTO, proto);
        headers.set(PORT, port);
        host.ifPresent(name -> headers.set(HOST, name));
    }

    /** One proxy that was reached by TLS is enough, whatever those behind it use among themselves. */
    private static Optional<String> proto(ServerHttpRequest request) {
        String all = String.join(",", request.getHeaders().getOrEmpty(PROTO)).toLowerCase(Locale.ROOT);
        List<String> said = Arrays.stream(all.split(",", -1)).map(String::strip).toList();
        return said.contains("https")
                ? Optional.of("https")
                : Optional.of(said.get(said.size() - 1)).filter("http"::equals);
    }

    private static Optional<String> last(ServerHttpRequest request, String name, Pattern shape) {
        String all = String.join(",", request.getHeaders().getOrEmpty(name));
        String last = all.substring(all.lastIndexOf(',') + 1).strip();
        return Optional.of(last).filter(value -> shape.matcher(value).matches());
    }

    private static Optional<String> portOf(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? Optional.of(host.substring(colon + 1)) : Optional.empty();
    }

    private static String scheme(ServerHttpRequest request) {
        return "https".equals(request.getURI().getScheme()) ? "https" : "http";
    }
}
