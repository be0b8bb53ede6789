package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.pipeline.forwarding.TestAddresses;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

final class PublicAddressesTests {

    private static final PublicOriginsProperties ORIGINS =
            new PublicOriginsProperties(List.of("https://shop.example", "https://admin.example"));

    private final PublicAddresses addresses = new PublicAddresses(ORIGINS, TestAddresses.trusting("10.0.0.0/8"));

    /** Where the provider sends the browser back to must be the host that has its cookies. */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, inner:8080, admin.example, https://admin.example/x",
        "10.0.0.1, inner:8080, evil.example, https://shop.example/x",
        "192.0.2.1, inner:8080, admin.example, https://shop.example/x",
        "192.0.2.1, admin.example, shop.example, https://admin.example/x"
    })
    void addressWhenThereAreSeveralOriginsThenTheOneByWhichTheClientCame(
            String peer, String host, String forwarded, String address) {
        MockServerHttpRequest request = MockServerHttpRequest.get("http://inner:8080/")
                .header("Host", host)
                .header("X-Forwarded-Host", forwarded)
                .remoteAddress(new InetSocketAddress(peer, 1234))
                .build();
        assertThat(addresses.of(MockServerWebExchange.from(request), "/x")).hasToString(address);
    }
}
