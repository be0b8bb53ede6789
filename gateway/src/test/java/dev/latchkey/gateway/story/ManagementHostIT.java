package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A page whose name was made to point at an operator's machine (DNS rebinding) reads nothing from the management port:
 * its requests bear its own name.
 */
final class ManagementHostIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9090",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "localhost.",
                "2130706433",
                "0x7f.1",
                "127.1",
                "[evil.example]",
                "evil.example@127.0.0.1",
                "gateway-1",
                ""
            })
    void requestWhenTheHostIsAnotherNameThenMisdirected(String host) {
        for (String path : new String[] {"/", "/actuator", "/actuator/routes", "/actuator/prometheus", "/nothing"}) {
            assertThat(ask(WORLD.gateway(), path, "Host: " + host))
                    .startsWith("HTTP/1.1 421")
                    .contains("urn:latchkey:problem:misdirected-request", "latchkey.management.hosts");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1].evil.example", "127.0.0.1:9090:9090"})
    void requestWhenTheHostIsNoneThenRefused(String host) {
        assertThat(RawConnection.status(
                        port(WORLD.gateway()),
                        RawConnection.get("/actuator", "").replace("localhost", host)))
                .isBetween(400, 499);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:1",
                "127.0.0.1",
                "127.0.0.1:9090",
                "10.1.2.3:80",
                "[::1]",
                "[fd00::7]:9090"
            })
    void requestWhenTheHostIsAnAddressOrLocalhostThenAnswered(String host) {
        assertThat(ask(WORLD.gateway(), "/actuator/health/liveness", "Host: " + host))
                .startsWith("HTTP/1.1 200");
    }

    /** The framework serves them there, past the limits of the gateway's own port. */
    @ParameterizedTest
    @ValueSource(strings = {"/open/x", "/auth/session", "/auth/sign-in", "/.well-known/jwks.json", "/", "/actuatorx"})
    void requestWhenForTheGatewaysOwnPortThenNothingIsThere(String path) {
        assertThat(ask(WORLD.gateway(), path, "Host: localhost")).startsWith("HTTP/1.1 404");
    }

    @Test
    void requestWhenTwoHostsAreNamedThenBothMustBeAllowed() {
        assertThat(ask(WORLD.gateway(), "/actuator", "Host: localhost\r\nHost: evil.example"))
                .doesNotStartWith("HTTP/1.1 200");
    }

    @Test
    void requestWhenNoHostIsNamedThenAnsweredAsABalancersCheck() {
        String check = "GET /actuator/health/readiness HTTP/1.0\r\n\r\n";
        assertThat(RawConnection.status(port(WORLD.gateway()), check)).isEqualTo(200);
    }

    @Test
    void requestWhenTheNameIsConfiguredThenAnswered() {
        try (Gateway node = WORLD.startNode(Map.of("latchkey.management.hosts", "gateway-1,Metrics.Shop.example"))) {
            for (String host : new String[] {"gateway-1:9090", "metrics.shop.EXAMPLE", "localhost"}) {
                assertThat(ask(node, "/actuator/health/liveness", "Host: " + host))
                        .startsWith("HTTP/1.1 200");
            }
            assertThat(ask(node, "/actuator/health/liveness", "Host: gateway-2"))
                    .startsWith("HTTP/1.1 421");
        }
    }

    @Test
    void requestWhenItIsForTheGatewayItselfThenItsNamesAreItsOwn() {
        String request = "GET /open/x HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";
        assertThat(RawConnection.status(WORLD.port(), request)).isEqualTo(200);
    }

    private static String ask(Gateway node, String path, String host) {
        return RawConnection.exchange(
                port(node), "GET " + path + " HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n");
    }

    private static int port(Gateway node) {
        return URI.create(node.managementUrl()).getPort();
    }
}
