package dev.latchkey.gateway.pipeline.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

final class ClientAddressTests {

    private final ClientAddress chain =
            new ClientAddress(new ForwardingProperties(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8")));

    @ParameterizedTest
    @CsvFileSource(
            resources = "client-addresses.csv",
            delimiter = '|',
            nullValues = "-",
            useHeadersInDisplayName = true)
    void ofWhenBehindProxiesThenFirstUntrustedFromTheRight(
            String peer, String forwardedFor, String client, String passedOn) {
        MockServerHttpRequest request = request(peer, "X-Forwarded-For", forwardedFor);

        assertThat(chain.of(new SpringRequestHead(request))).isEqualTo(client);
        assertThat(chain.forwardedFor(new SpringRequestHead(request))).isEqualTo(passedOn);
    }

    @Test
    void ofWhenPeerUnknownThenSaysSo() {
        assertThat(chain.of(new SpringRequestHead(MockServerHttpRequest.get("/").build())))
                .isEqualTo("unknown");
    }

    @Test
    void ofWhenHeaderIsEndlessThenWalksABoundedWay() {
        MockServerHttpRequest request = request("10.0.0.1", "X-Forwarded-For", "10.0.0.2,".repeat(5000) + "10.0.0.3");

        assertThat(chain.forwardedFor(new SpringRequestHead(request)).split(", "))
                .hasSize(32);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // peer, Host, proto, host, port as they came | proto, host, port as they leave
                "203.0.113.9 | shop.example | https | evil.example | 1 | http shop.example 80",
                "203.0.113.9 | shop.example:8080 | - | - | - | http shop.example:8080 8080",
                "203.0.113.9 | [::1]:8080 | - | - | - | http [::1]:8080 8080",
                "203.0.113.9 | [::1] | - | - | - | http [::1] 80",
                "203.0.113.9 | a<script> | - | - | - | http null 80",
                "10.0.0.1 | gw | https | shop.example | - | https shop.example 443",
                "10.0.0.1 | gw | https | shop.example:8443 | - | https shop.example:8443 8443",
                "10.0.0.1 | gw | https | shop.example | 444 | https shop.example 444",
                "10.0.0.1 | gw | - | - | - | http gw 80",
                "10.0.0.1 | gw | http, https | evil, shop.example | 1, 443 | https shop.example 443",
                "10.0.0.1 | gw | gopher | a b | 0 | http gw 80",
            })
    void setWhenForwardedThenOnlyATrustedPeersWordCounts(
            String peer, String host, String proto, String forwardedHost, String port, String left) {
        MockServerHttpRequest.BaseBuilder<?> request = builder(peer, "Host", host);
        header(request, "X-Forwarded-Proto", proto);
        header(request, "X-Forwarded-Host", forwardedHost);
        header(request, "X-Forwarded-Port", port);
        HttpHeaders headers = new HttpHeaders();

        new ForwardedHeaders(chain).add(new SpringRequestHead(request.build()), new SpringHeaderFields(headers));

        assertThat(headers.getFirst("X-Forwarded-Proto") + " " + headers.getFirst("X-Forwarded-Host") + " "
                        + headers.getFirst("X-Forwarded-Port"))
                .isEqualTo(left);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy",
                "10.0.0.0/",
                "10.0.0.0/33",
                "fd00::/129",
                "10.0.0/8",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/0x8",
                "[fd00::]/8",
                ".*",
                "256.0.0.0/8",
                "fe80::1%eth0",
                "10.0.0.0 10.0.0.1"
            })
    void trustedProxiesWhenNoBlockThenRefusedByName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ForwardingProperties(List.of(text)))
                .withMessage("latchkey.trusted-proxies holds '" + text
                        + "', which is not an address or CIDR block: write for example 10.0.0.0/8 or fd00::/8");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 203.0.113.9, false",
        "::1, ::1, true",
        "::1, ::2, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
    })
    void isTrustedProxyWhenAddressThenByItsLeadingBits(String block, String address, boolean contained) {
        ClientAddress trusting = new ClientAddress(new ForwardingProperties(List.of(block)));

        assertThat(trusting.isTrustedProxy(IpAddresses.literal(address).orElseThrow()))
                .isEqualTo(contained);
    }

    private static MockServerHttpRequest request(String peer, String name, String lines) {
        return builder(peer, name, lines).build();
    }

    private static MockServerHttpRequest.BaseBuilder<?> builder(String peer, String name, String lines) {
        InetSocketAddress address =
                new InetSocketAddress(IpAddresses.literal(peer).orElseThrow(), 40_000);
        MockServerHttpRequest.BaseBuilder<?> request =
                MockServerHttpRequest.get("/").remoteAddress(address);
        header(request, name, lines);
        return request;
    }

    private static void header(MockServerHttpRequest.BaseBuilder<?> request, String name, String lines) {
        if (lines != null) {
            request.header(name, lines.split(" \\+ "));
        }
    }
}
