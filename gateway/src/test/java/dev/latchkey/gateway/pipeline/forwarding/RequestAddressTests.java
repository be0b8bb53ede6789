package dev.latchkey.gateway.pipeline.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

final class RequestAddressTests {

    private final RequestAddress addresses = TestAddresses.trusting("10.0.0.0/8");

    @ParameterizedTest
    @CsvSource(textBlock = """
            http://shop.example/a/b, true
            http://shop.example:80/a/b, true
            http://shop.example:/a/b, true
            HTTP://SHOP.example/a/b, true
            http://shop.example/a/b?q=other#part, true
            http://shop.example/%61/b, true
            https://shop.example/a/b, false
            http://shop.example:8080/a/b, false
            http://shop.example.evil/a/b, false
            http://evil@shop.example/a/b, false
            http://evil:80@shop.example/a/b, false
            http://shop.example/a/b/, false
            http://shop.example/A/b, false
            http://shop.example/x/../a/b, false
            http://shop.example/a%2Fb, false
            /a/b, false
            //shop.example/a/b, false
            urn:shop, false
            http://shop exa/a/b, false
            '', false
            """)
    void isMeantWhenComparedThenNormalizedAndWithoutQuery(String uri, boolean isMeant) {
        MockServerHttpRequest.BaseBuilder<?> request =
                MockServerHttpRequest.get("http://shop.example/a/b?q=1").header("Host", "shop.example");
        assertThat(isMeant(uri, request)).isEqualTo(isMeant);
    }

    /** Such names are no host names (RFC 952), and services have them all the same. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            shop_gateway, http://shop_gateway/a/b, true
            shop_gateway, http://SHOP_gateway:80/a/b, true
            shop_gateway:8080, http://shop_gateway:8080/a/b, true
            shop_gateway:8080, http://shop_gateway/a/b, false
            shop_gateway, http://evil@shop_gateway/a/b, false
            shop_gateway, http://other_gateway/a/b, false
            [2001:db8::1]:8080, http://[2001:DB8::1]:8080/a/b, true
            [2001:db8::1], http://[2001:db8::1]/a/b, true
            """)
    void isMeantWhenTheHostIsNoPlainNameThenComparedAsOthers(String host, String uri, boolean isMeant) {
        MockServerHttpRequest.BaseBuilder<?> request =
                MockServerHttpRequest.method(HttpMethod.GET, URI.create("/a/b")).header("Host", host);
        assertThat(isMeant(uri, request)).isEqualTo(isMeant);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            10.0.0.1, https://shop.example/shop/a%C3%A4, true
            10.0.0.1, https://shop.example:443/shop/a%c3%a4, true
            10.0.0.1, http://inner:8080/a%C3%A4, false
            192.0.2.1, https://shop.example/shop/a%C3%A4, false
            192.0.2.1, http://inner:8080/a%C3%A4, true
            """)
    void isMeantWhenAProxySaysWhereThenOnlyATrustedOneCounts(String peer, String uri, boolean isMeant) {
        MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.method(
                        HttpMethod.GET, URI.create("http://inner:8080/a%C3%A4"))
                .header("Host", "inner:8080")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "shop.example")
                .header("X-Forwarded-Prefix", "/shop")
                .remoteAddress(new InetSocketAddress(peer, 1234));
        assertThat(isMeant(uri, request)).isEqualTo(isMeant);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            10.0.0.1, inner:8080, https, admin.example:8443, https://admin.example:8443
            10.0.0.1, inner:8080, https, Shop.example, https://shop.example
            10.0.0.1, inner:8080, , admin.example, https://admin.example:8443
            10.0.0.1, inner:8080, https, evil.example, https://shop.example
            192.0.2.1, inner:8080, https, admin.example:8443, https://shop.example
            192.0.2.1, admin.example:8443, https, shop.example, https://admin.example:8443
            192.0.2.1, shop.example:8444, , admin.example, https://shop.example:8444
            """)
    void originWhenThereAreSeveralThenAsTrustedProxiesSay(
            String peer, String host, @Nullable String proto, String forwarded, String origin) {
        MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.get("http://inner:8080/")
                .header("Host", host)
                .header("X-Forwarded-Host", forwarded)
                .remoteAddress(new InetSocketAddress(peer, 1234));
        if (proto != null) {
            request.header("X-Forwarded-Proto", proto);
        }
        assertThat(addresses.origin(
                        List.of("https://shop.example", "https://admin.example:8443", "https://shop.example:8444"),
                        new SpringRequestHead(request.build())))
                .isEqualTo(origin);
    }

    private boolean isMeant(String uri, MockServerHttpRequest.BaseBuilder<?> request) {
        return addresses.isMeant(uri, new SpringRequestHead(request.build()));
    }
}
