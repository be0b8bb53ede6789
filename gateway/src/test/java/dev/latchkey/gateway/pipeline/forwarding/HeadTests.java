package dev.latchkey.gateway.pipeline.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.device.DeviceBinding;
import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.http.Peer;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import dev.latchkey.gateway.telemetry.RequestIdProperties;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.cookie.CookieNames;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

/** One pass does the same as all filters in turn, over Spring's headers and over Netty's. */
final class HeadTests {

    private static final int ROUNDS = 500;

    private static final List<String> NAMES = List.of(
            "Accept",
            "Accept",
            "User-Agent",
            "X-Request-Id",
            "Origin",
            "Range",
            "Content-Type",
            "Content-Length",
            "Transfer-Encoding",
            "TE",
            "Trailer",
            "Upgrade",
            "Connection",
            "Connection",
            "Keep-Alive",
            "Host",
            "Close",
            "Proxy-Connection",
            "Proxy-Authorization",
            "Proxy-Authenticate",
            "Proxy",
            "X-Application-Context",
            "Authorization",
            "Cookie",
            "Cookie",
            "Cookie",
            "Latchkey-Subject",
            "Latchkey-Roles",
            "Latchkey",
            "LatchkeyUser",
            "Latchkeys-X",
            "Latchkey-Raw-Target",
            "Forwarded",
            "Forwarded-Mail",
            "X-Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Proto",
            "X-Forwarded-Prefix",
            "X-Forwarded-Server",
            "X-Forwardedness",
            "X-Real-IP",
            "X-Real-Ipanema",
            "X-Original-URL",
            "X-Originality",
            "X-Rewrite-URL",
            "X-Override-URL",
            "X-HTTP-Method",
            "X-HTTP-Method-Override",
            "X-HTTPMethodOverride",
            "X-HTTP-Path-Override",
            "X-HTTP-Host-Override",
            "Method-Override",
            "MethodMethodOverride",
            "X-Method--Override",
            "X-Tenant",
            "X-Team",
            "X-Plan",
            "Expect",
            "Traceparent",
            "tracestate",
            "Sec-WebSocket-Key",
            "Set-Cookie",
            "Set-Cookie",
            "Clear-Site-Data",
            "Cache-Control",
            "Cache-Control",
            "CDN-Cache-Control",
            "Vary",
            "Expires",
            "WWW-Authenticate",
            "Server",
            "Z");

    private static final List<String> VALUES = List.of(
            "",
            "x",
            "a, b",
            "chunked",
            "gzip, chunked",
            " Chunked ",
            "close",
            "keep-alive",
            "Upgrade, HTTP2-Settings",
            "close, X-Tenant",
            "Content-Length, x-team,,X-FORWARDED-FOR ",
            "X-Plan,Cookie , Set-Cookie, te",
            "close,\tX-Request-Id,Expect, Range, TraceParent,tracestate",
            "websocket",
            "Bearer abc",
            "7",
            "42",
            "shop.example",
            "shop.example:8443",
            "[::1]:8080",
            "[::1]",
            "[::1",
            "a b",
            "evil, shop.example",
            "http, https",
            "http",
            "https",
            "ftp",
            "443",
            "0",
            "00443",
            "443443",
            "/shop",
            "/shop/",
            "//evil",
            "/a/../b",
            "/a%2fb",
            "/a//b",
            "/",
            "203.0.113.9",
            "10.0.0.7, 203.0.113.9:443",
            "198.51.100.1, [2001:db8::1]:77, 10.1.1.1",
            "::ffff:203.0.113.5",
            "unknown, 10.0.0.1",
            "10.0.0.1,",
            "127.1",
            "1.2.3.4:123456",
            "[1.2.3.4]",
            "2001:db8::1",
            "a=1; b=2",
            "__Host-latchkey-access=x",
            "__Host-latchkey-access=x; a=1",
            "a=1; __Host-latchkey-refresh-0=x",
            "a=1;__Host-latchkey-refresh-1 =x ;b=2",
            ",__Host-latchkey-access=x;a",
            "a=__Host-latchkey-access=x",
            ", \t__Host-latchkey-return-1=x; ;",
            "__host-latchkey-access=x",
            "__Host-latchkey-access2=x;=",
            "=__Host-latchkey-access=x; Path=/",
            " = __Host-latchkey-access=x",
            "__Host-latchkey-access",
            ";;",
            "  ",
            "\"cookies\"",
            "\"cache\"",
            "\"CACHE\", \"Cookies\"",
            "*",
            "public",
            "PRIVATE",
            "max-age=60",
            "max-age=1,s-maxage=2",
            "no-store , x",
            "privates",
            "x private",
            "ext=\"a, private\"",
            "ext=\"a\\\", private, \"",
            "ext=\"a, private",
            "\"a\\",
            "private=\"x\"",
            "private\"x\"",
            "=,private =");

    private static final Optional<AccessClaims> CALLER = Optional.of(TestTokens.accessClaims(Instant.EPOCH));

    private final CookieNames names = new CookieNames("__Host-latchkey-");
    private final ForwardingProperties properties =
            new ForwardingProperties(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));
    private final ClientAddress addresses = new ClientAddress(properties);
    private final CookieHygiene cookies = new CookieHygiene(new CookieProperties(names.prefix(), true));
    private final OutboundHead outbound = new OutboundHead(
            cookies,
            new ForwardedHeaders(addresses),
            new ForwardedPrefix(addresses),
            new RequestIdProperties(true, "X-Request-Id"));
    private final ResponseHead response = new ResponseHead(cookies, new DeviceBindingProperties(DeviceBinding.OFF));
    private final HeaderFilters filters = new HeaderFilters(names, properties, addresses::isTrustedProxy);

    static Stream<Long> seeds() {
        return IntStream.range(0, 20).mapToObj(Long::valueOf);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void writeWhenAnyHeadThenAsAllFiltersInTurn(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<Map.Entry<String, String>> lines = lines(random);
            Optional<InetAddress> peer = peer(random);
            boolean isSecure = random.nextBoolean();
            HeaderChanges changes = changes(random);
            OutboundIdentity identity = identity(random);
            String stripped = one(List.of("", "", "/api", "/a%2f", "/a/", "//x", "/b<"), random);
            MockServerWebExchange exchange = exchange(lines, peer, isSecure);

            HttpHeaders expected = filters.request(exchange, changes, identity, stripped);

            HttpHeaders spring = new HttpHeaders();
            outbound.write(
                    new SpringRequestHead(exchange.getRequest()),
                    changes,
                    identity,
                    stripped,
                    new SpringHeaderFields(spring));
            assertThat(sorted(new SpringHeaderFields(spring))).as("%s", lines).isEqualTo(sorted(expected));
            NettyHeaderFields netty = new NettyHeaderFields(netty(List.of()));
            outbound.write(nettyRequest(lines, peer, isSecure), changes, identity, stripped, netty);
            assertThat(sorted(netty)).as("%s", lines).isEqualTo(sorted(expected));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void cleanWhenAnyHeadThenAsAllFiltersInTurn(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<Map.Entry<String, String>> lines = lines(random);
            HeaderChanges changes = changes(random);
            boolean isIdentified = random.nextBoolean();
            HttpHeaders spring = new HttpHeaders();
            lines.forEach(line -> spring.add(line.getKey(), line.getValue()));

            HttpHeaders expected =
                    filters.response(spring, exchange(List.of(), Optional.empty(), false), changes, isIdentified);

            response.clean(new SpringHeaderFields(spring), changes, CALLER.filter(caller -> isIdentified));
            assertThat(sorted(spring)).as("%s", lines).isEqualTo(sorted(expected));
            NettyHeaderFields netty = new NettyHeaderFields(netty(lines));
            response.clean(netty, changes, CALLER.filter(caller -> isIdentified));
            assertThat(sorted(netty)).as("%s", lines).isEqualTo(sorted(expected));
        }
    }

    private static List<Map.Entry<String, String>> lines(Random random) {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        for (int line = random.nextInt(12); line >= 0; line--) {
            String name = spelled(one(NAMES, random), random);
            lines.add(Map.entry(name, one(VALUES, random)));
        }
        return lines;
    }

    /** As it is, in other letters, or with other punctuation. */
    private static String spelled(String name, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> name.toLowerCase(Locale.ROOT);
            case 1 -> name.toUpperCase(Locale.ROOT);
            case 2 -> name.replace('-', one(List.of("_", ".", "~", "!"), random).charAt(0));
            default -> name;
        };
    }

    private static Optional<InetAddress> peer(Random random) {
        return Optional.of(one(List.of("", "203.0.113.9", "10.0.0.1", "192.0.2.7", "fd00::1", "2001:db8::9"), random))
                .filter(address -> !address.isEmpty())
                .map(NetUtil::createInetAddressFromIpAddressString);
    }

    /** Not of {@code X-Application-Context}, which the framework removes even if the route sets it. */
    private static HeaderChanges changes(Random random) {
        return random.nextInt(3) > 0
                ? HeaderChanges.NONE
                : new HeaderChanges(
                        random.nextBoolean() ? Map.of() : Map.of("X-Team", "blue", "Cache-Control", "public"),
                        random.nextBoolean() ? List.of() : List.of("X-Tenant", "Server", "Vary"),
                        random.nextBoolean() ? List.of() : List.of("X-HTTP-Method-Override", "X-Original-URL"));
    }

    private static OutboundIdentity identity(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> OutboundIdentity.anonymous(true);
            case 1 -> OutboundIdentity.anonymous(false);
            case 2 ->
                new OutboundIdentity(
                        Optional.of(TestTokens.accessClaims(Instant.EPOCH)),
                        Optional.of(IdentityToken.of("signed")),
                        Map.of(),
                        false);
            default ->
                new OutboundIdentity(
                        Optional.of(TestTokens.accessClaims(Instant.EPOCH)),
                        Optional.empty(),
                        Map.of("Latchkey-Subject", "ada", "Latchkey-Roles", "admin"),
                        false);
        };
    }

    private static MockServerWebExchange exchange(
            List<Map.Entry<String, String>> lines, Optional<InetAddress> peer, boolean isSecure) {
        MockServerHttpRequest.BaseBuilder<?> request =
                MockServerHttpRequest.get((isSecure ? "https" : "http") + "://gateway/path");
        lines.forEach(line -> request.header(line.getKey(), line.getValue()));
        peer.ifPresent(address -> request.remoteAddress(new InetSocketAddress(address, 40_000)));
        return MockServerWebExchange.from(request);
    }

    private static RequestHead nettyRequest(
            List<Map.Entry<String, String>> lines, Optional<InetAddress> peer, boolean isSecure) {
        return new NettyRequestHead(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/path", netty(lines)),
                new ClientConnection(peer.map(Peer::of), isSecure, false));
    }

    /** With names as the server's codec makes them. */
    private static io.netty.handler.codec.http.HttpHeaders netty(List<Map.Entry<String, String>> lines) {
        var headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        lines.forEach(line -> headers.add(new AsciiString(line.getKey()), line.getValue()));
        return headers;
    }

    private static Map<String, List<String>> sorted(HttpHeaders headers) {
        return sorted(new SpringHeaderFields(headers));
    }

    private static Map<String, List<String>> sorted(MutableHeaderFields fields) {
        Map<String, List<String>> sorted = new TreeMap<>();
        fields.forEach((name, value) -> sorted.computeIfAbsent(
                        name.toString().toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
                .add(value));
        return sorted;
    }

    private static <T> T one(List<T> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }
}
