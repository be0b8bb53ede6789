package dev.latchkey.gateway.signin.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationCause;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.RefreshToken;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerRequest;

/** What a browser is answered whose renewal took long. */
final class DeviceAnswersIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** A 200 without its cookie would have the browser send on what it held back. */
    @Test
    void renewedWhenTheCookiesMayNotBeSetAnyMoreThen503() {
        Browser browser = WORLD.signedIn("ada");
        Rotated rotated = rotated(browser);
        for (int generation = 2; generation <= 3; generation++) {
            WORLD.clock().advance(World.GRACE);
            assertThat(browser.post("/auth/refresh").statusCode()).isEqualTo(200);
        }
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.post("/auth/device/refresh"));

        WORLD.gateway()
                .bean(DeviceAnswers.class)
                .renewed(
                        ServerRequest.create(
                                exchange, HandlerStrategies.withDefaults().messageReaders()),
                        new DeviceRequest(presented(browser), Optional.empty(), Optional.empty(), Optional.empty()),
                        rotated)
                .block(LIMIT);

        assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
        assertThat(exchange.getResponse().getHeaders().get(HttpHeaders.SET_COOKIE))
                .isNull();
    }

    private static Rotated rotated(Browser browser) {
        WORLD.expireAccessToken();
        return (Rotated) Objects.requireNonNull(WORLD.gateway()
                .bean(Rotation.class)
                .rotate(presented(browser), RotationCause.EXPLICIT)
                .block(LIMIT));
    }

    private static PresentedTokens presented(Browser browser) {
        List<RefreshToken> refreshes = browser.jar().entrySet().stream()
                .filter(cookie -> cookie.getKey().startsWith("latchkey-refresh"))
                .map(cookie -> new RefreshToken(cookie.getValue()))
                .toList();
        return new PresentedTokens(Optional.empty(), refreshes, true);
    }
}
