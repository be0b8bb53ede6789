package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.token.cookie.CookieNames;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.cloud.gateway.filter.headers.RemoveForwardedHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveHopByHopHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveXForwardedHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.TransferEncodingNormalizationHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * The same rules as {@link OutboundHead} and {@link ResponseHead}, one after the other, by regular expressions, and
 * with the framework's own filters between them: slow, plain, and written independently of the two.
 */
final class HeaderFilters {

    private static final Set<String> FOR_ALL = Set.of(
            "authorization",
            "content-encoding",
            "content-length",
            "content-type",
            "cookie",
            "expect",
            "host",
            "origin",
            "traceparent",
            "tracestate",
            "transfer-encoding",
            "upgrade",
            "x-request-id");
    private static final Pattern HOSTS =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");
    private static final Pattern PORTS = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern PLAIN = Pattern.compile("(?:/[A-Za-z0-9._~!$()*+=:@%-]+)+");
    private static final Pattern SHARING =
            Pattern.compile("(?i)(?:^|,)\\s*(?:public|private|no-store|s-maxage)\\s*(?:[,=]|$)");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final Pattern OVERRIDES = Pattern.compile("proxy|x-http-method|x-http-host-override"
            + "|x-http-path-override|x-override-url|x-original-.*|x-rewrite-.*|.*method-?override.*");
    private static final Pattern FORWARDED = Pattern.compile("forwarded|x-forwarded(-.*)?|x-real-ip");
    private static final Pattern ENTRY = Pattern.compile(
            "\\[([^\\[\\]]*)](?::[0-9]{1,5})?|([^:\\[]*):[0-9]{1,5}|([^:\\[]*|[^\\[]*:[^\\[]*:[^\\[]*)");

    private final CookieNames names;
    private final Predicate<InetAddress> trusted;

    /** @param trusted the proxies whose word counts */
    HeaderFilters(CookieNames names, ForwardingProperties properties, Predicate<InetAddress> trusted) {
        this.names = names;
        this.trusted = trusted;
        if (properties.trustedProxies().isEmpty()) {
            throw new IllegalArgumentException("nobody would be believed");
        }
    }

    /** What reaches the backend, but for {@code Host}, which the framework sets itself. */
    HttpHeaders request(ServerWebExchange exchange, HeaderChanges changes, OutboundIdentity identity, String stripped) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders headers = fromClient(request.getHeaders(), changes, identity);
        List<String> announced = announced(headers, changes);
        headers = new RemoveForwardedHeadersFilter().filter(headers, exchange);
        headers = new RemoveXForwardedHeadersFilter().filter(headers, exchange);
        headers = changed(headers, changes);
        headers = new TransferEncodingNormalizationHeadersFilter().filter(headers, exchange);
        headers = new RemoveHopByHopHeadersFilter().filter(headers, exchange);
        HttpHeaders backend =
                only(headers, name -> !FORWARDED.matcher(folded(name)).matches());
        forwarded(request, backend);
        String prefix = prefixOf(request) + plain(stripped).orElse("");
        if (!prefix.isEmpty()) {
            backend.set("X-Forwarded-Prefix", prefix);
        }
        identity.token().ifPresent(token -> backend.set("Authorization", token.credentials()));
        identity.headers().forEach(backend::set);
        backend.remove(HttpHeaders.HOST);
        announced.forEach(names -> backend.add("Trailer", names));
        return backend;
    }

    /** What reaches the client. */
    HttpHeaders response(HttpHeaders input, ServerWebExchange exchange, HeaderChanges changes, boolean isIdentified) {
        boolean isNamed = input.getConnection().stream().anyMatch("trailer"::equalsIgnoreCase);
        List<String> announced = isNamed ? List.of() : announced(input, changes);
        HttpHeaders headers = new RemoveHopByHopHeadersFilter().filter(input, exchange);
        headers = changed(headers, changes);
        HttpHeaders kept = new HttpHeaders();
        headers.forEach((name, values) -> {
            List<String> left = isOurs(name) ? List.of() : fromBackend(name.toLowerCase(Locale.ROOT), values);
            if (!left.isEmpty()) {
                kept.addAll(name, left);
            }
        });
        announced.forEach(names -> kept.add("Trailer", names));
        if (isIdentified) {
            List<String> caching = kept.headerNames().stream()
                    .filter(name -> name.toLowerCase(Locale.ROOT).endsWith("-cache-control"))
                    .toList();
            Stream.concat(Stream.of("Cache-Control"), caching.stream()).forEach(name -> keepPrivate(name, kept));
        }
        return kept;
    }

    /** The framework drops trailers, and what names them. */
    private static List<String> announced(HttpHeaders headers, HeaderChanges changes) {
        return headers.getOrEmpty("Trailer").stream()
                .map(line -> Arrays.stream(line.split(","))
                        .map(String::strip)
                        .filter(name -> Trailers.isPassed(name, changes))
                        .collect(Collectors.joining(", ")))
                .filter(names -> !names.isEmpty())
                .toList();
    }

    private HttpHeaders fromClient(HttpHeaders input, HeaderChanges changes, OutboundIdentity identity) {
        Set<String> named = input.getConnection().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !FOR_ALL.contains(name))
                .collect(Collectors.toCollection(HashSet::new));
        named.addAll(List.of("connection", "proxy-connection"));
        HttpHeaders kept = new HttpHeaders();
        input.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean passes = !named.contains(lower)
                    && !isOurs(name)
                    && (lower.equals("x-request-id") || !folded(name).equals("x-request-id"))
                    && !FORWARDED.matcher(folded(name)).matches()
                    && (identity.keepAuthorization() || !lower.equals("authorization"))
                    && (!OVERRIDES.matcher(folded(name)).matches() || contains(changes.pass(), name));
            List<String> left = lower.equals("cookie")
                    ? values.stream()
                            .flatMap(line -> withoutOurs(line).stream())
                            .toList()
                    : values;
            if (passes && !left.isEmpty()) {
                kept.addAll(name, left);
            }
        });
        return kept;
    }

    private Optional<String> withoutOurs(String line) {
        List<String> pieces = List.of(line.split(";", -1));
        List<String> kept = pieces.stream().filter(piece -> !isOurCookie(piece)).toList();
        return kept.size() == pieces.size()
                ? Optional.of(line)
                : Optional.of(String.join(";", kept).stripLeading()).filter(rest -> !rest.isBlank());
    }

    private boolean isOurCookie(String piece) {
        String name = piece.replaceFirst("(?s)=.*", "")
                .replaceFirst("^[\\x00- ,]*", "")
                .trim();
        return Stream.of("access", "refresh-0", "refresh-1").anyMatch(end -> name.equals(names.prefix() + end))
                || name.startsWith(names.prefix() + "return-");
    }

    private List<String> fromBackend(String name, List<String> values) {
        if (name.equals("set-cookie")) {
            return values.stream()
                    .filter(line ->
                            !isOurCookie(line.replaceFirst("(?s);.*", "").replaceFirst("^[\\x00- ]*=", "")))
                    .toList();
        }
        boolean clears = name.equals("clear-site-data")
                && values.stream().anyMatch(value -> value.matches("(?is).*(?:\\*|cookies).*"));
        return clears ? List.of() : values;
    }

    private static void keepPrivate(String name, HttpHeaders headers) {
        List<String> said = headers.getOrEmpty(name);
        if (said.stream()
                .noneMatch(value -> SHARING.matcher(QUOTED.matcher(value).replaceAll("\"\""))
                        .find())) {
            String before = String.join(", ", said);
            headers.set(name, before.isBlank() ? "private" : before + ", private");
        }
    }

    private void forwarded(ServerHttpRequest request, HttpHeaders headers) {
        boolean isTrusted = peer(request).filter(trusted).isPresent();
        List<String> protos = Arrays.stream(joined(request, "X-Forwarded-Proto")
                        .toLowerCase(Locale.ROOT)
                        .split(",", -1))
                .map(String::strip)
                .toList();
        String own = "https".equals(request.getURI().getScheme()) ? "https" : "http";
        String last = protos.get(protos.size() - 1);
        String said = protos.contains("https") ? "https" : last.equals("http") ? "http" : own;
        String proto = isTrusted ? said : own;
        Optional<String> host = last(request, "X-Forwarded-Host", HOSTS)
                .filter(name -> isTrusted)
                .or(() -> Optional.ofNullable(request.getHeaders().getFirst("Host"))
                        .filter(name -> HOSTS.matcher(name).matches()));
        String port = last(request, "X-Forwarded-Port", PORTS)
                .filter(name -> isTrusted)
                .or(() -> host.filter(name -> name.matches(".*:[0-9]+"))
                        .map(name -> name.substring(name.lastIndexOf(':') + 1)))
                .orElse(proto.equals("https") ? "443" : "80");
        headers.set("X-Forwarded-For", forwardedFor(request));
        headers.set("X-Forwarded-Proto", proto);
        headers.set("X-Forwarded-Port", port);
        host.ifPresent(name -> headers.set("X-Forwarded-Host", name));
    }

    private String forwardedFor(ServerHttpRequest request) {
        Deque<InetAddress> hops = new ArrayDeque<>();
        Optional<InetAddress> speaker = peer(request);
        speaker.ifPresent(hops::add);
        Deque<String> entries =
                new ArrayDeque<>(List.of(joined(request, "X-Forwarded-For").split(",", -1)));
        while (speaker.filter(trusted).isPresent() && !entries.isEmpty() && hops.size() < 32) {
            speaker = address(entries.removeLast().strip());
            speaker.ifPresent(hops::addFirst);
        }
        return hops.isEmpty()
                ? "unknown"
                : hops.stream().map(NetUtil::toAddressString).collect(Collectors.joining(", "));
    }

    private static Optional<InetAddress> address(String entry) {
        var parts = ENTRY.matcher(entry);
        return parts.matches()
                ? Stream.of(1, 2, 3)
                        .map(parts::group)
                        .filter(group -> group != null && !group.isEmpty())
                        .findFirst()
                        .map(NetUtil::createInetAddressFromIpAddressString)
                : Optional.empty();
    }

    private String prefixOf(ServerHttpRequest request) {
        String all = joined(request, "X-Forwarded-Prefix");
        return Optional.of(all.substring(all.lastIndexOf(',') + 1).strip())
                .filter(said -> peer(request).filter(trusted).isPresent())
                .flatMap(HeaderFilters::plain)
                .orElse("");
    }

    private static Optional<String> plain(String path) {
        return Optional.of(path.replaceFirst("/$", ""))
                .filter(prefix ->
                        prefix.length() <= 1024 && PLAIN.matcher(prefix).matches() && RawPath.isUnambiguous(prefix));
    }

    private static Optional<InetAddress> peer(ServerHttpRequest request) {
        return Optional.ofNullable(request.getRemoteAddress()).map(InetSocketAddress::getAddress);
    }

    private static Optional<String> last(ServerHttpRequest request, String name, Pattern shape) {
        String all = joined(request, name);
        return Optional.of(all.substring(all.lastIndexOf(',') + 1).strip())
                .filter(value -> shape.matcher(value).matches());
    }

    private static String joined(ServerHttpRequest request, String name) {
        return String.join(",", request.getHeaders().getOrEmpty(name));
    }

    private static HttpHeaders changed(HttpHeaders headers, HeaderChanges changes) {
        Map<String, String> set = changes.set();
        HttpHeaders changed =
                only(headers, name -> !contains(changes.remove(), name) && !contains(List.copyOf(set.keySet()), name));
        set.forEach(changed::set);
        return changed;
    }

    private static HttpHeaders only(HttpHeaders headers, Predicate<String> isKept) {
        HttpHeaders kept = new HttpHeaders();
        headers.forEach((name, values) -> {
            if (isKept.test(name)) {
                kept.addAll(name, values);
            }
        });
        return kept;
    }

    private static boolean contains(List<String> some, String name) {
        return some.stream().anyMatch(one -> folded(one).equals(folded(name)));
    }

    private static boolean isOurs(String name) {
        return name.matches("(?is)latchkey[^a-z0-9].*");
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    }
}
