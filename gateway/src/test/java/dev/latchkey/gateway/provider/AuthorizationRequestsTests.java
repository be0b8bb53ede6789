package dev.latchkey.gateway.provider;

import static dev.latchkey.gateway.provider.ProviderFixture.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.provider.AuthorizationRequests.Away;
import dev.latchkey.gateway.provider.AuthorizationRequests.Parameters;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Where browsers are sent: with everything that a strict provider asks for, and in the address only what must be. */
final class AuthorizationRequestsTests {

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    @Test
    void requestWhenNotPushedThenHasAllInTheAddress() {
        Provider provider = fixture.ready(
                Map.of("par", "off", "extra-parameters.hd", "example.org", "resource", "https://api.example/"));
        Map<String, List<String>> query = query(fixture.address(provider, all()));
        assertThat(query)
                .containsEntry("response_type", List.of("code"))
                .containsEntry("client_id", List.of(StrictProvider.CLIENT))
                .containsEntry("redirect_uri", List.of(ProviderFixture.REDIRECT.toString()))
                .containsEntry("scope", List.of("openid profile email"))
                .containsEntry("state", List.of("s t&a=te"))
                .containsEntry("nonce", List.of("n"))
                .containsEntry("code_challenge", List.of("c"))
                .containsEntry("code_challenge_method", List.of("S256"))
                .containsEntry("prompt", List.of("none"))
                .containsEntry("login_hint", List.of("ada@example.org"))
                .containsEntry("max_age", List.of("60"))
                .containsEntry("acr_values", List.of("gold silver"))
                .containsEntry("hd", List.of("example.org"))
                .containsEntry("resource", List.of("https://api.example/"))
                .hasSize(14);
    }

    @Test
    void requestWhenThePushIsOfferedThenTheAddressHoldsNothingOfIt() {
        Provider provider = fixture.ready(Map.of());
        fixture.server().behave(behaviour -> behaviour.requiresPushed(true));
        URI address = fixture.address(provider, all());
        assertThat(query(address)).containsOnlyKeys("client_id", "request_uri");
        assertThat(fixture.server().received("/par")).hasSize(1);
        assertThat(fixture.exchange(provider)).isInstanceOf(TokenAnswer.Granted.class);
    }

    @Test
    void requestWhenThePushFailsThenThereIsNoAddress() {
        Provider provider = fixture.ready(Map.of());
        fixture.server().next("/par", ProviderTrouble.error(400, "invalid_request"));
        assertThat(block(fixture.requests().address(provider, all()))).isInstanceOf(Away.class);
        fixture.server().next("/par", ProviderTrouble.closes());
        assertThat(block(fixture.requests().address(provider, all()))).isInstanceOf(Away.class);
    }

    /** Anybody can begin any number of attempts. */
    @Test
    void requestsWhenManyArePushedThenTheyTakeNoConnectionFromThoseWhoAreSignedIn() {
        Provider provider = fixture.ready(Map.of("call-timeout", "1m", "lease", "2m"));
        UpstreamTokens held = fixture.tokens(provider);
        fixture.server().always("/par", ProviderTrouble.delayed(Duration.ofMinutes(1)));
        Disposable attempts = Flux.range(0, 100)
                .flatMap(number -> fixture.requests().address(provider, all()), 100)
                .subscribe();
        try {
            await().atMost(ProviderFixture.LIMIT)
                    .until(() -> fixture.server().received("/par").size() > 20);
            assertThat(block(fixture.calls().refresh(provider, held, Duration.ofSeconds(10))))
                    .isInstanceOf(TokenAnswer.Granted.class);
        } finally {
            attempts.dispose();
        }
    }

    @Test
    void requestWhenTheProviderIsUnknownThenThereIsNoAddress() {
        assertThat(block(fixture.requests().address(fixture.unknown(Map.of()), all())))
                .isInstanceOf(Away.class);
    }

    @Test
    void addressWhenPrintedThenHidesTheAttempt() {
        Provider provider = fixture.ready(Map.of("par", "off"));
        String printed = block(fixture.requests().address(provider, all())) + " " + all();
        assertThat(printed).doesNotContain("te&").doesNotContain("nonce").doesNotContain("ada@");
    }

    private static Parameters all() {
        return new Parameters(
                ProviderFixture.REDIRECT,
                "s t&a=te",
                "n",
                "c",
                Optional.of("none"),
                Optional.of("ada@example.org"),
                Optional.of(Duration.ofMinutes(1)),
                List.of("gold", "silver"));
    }

    private static Map<String, List<String>> query(URI address) {
        return new QueryStringDecoder(address).parameters();
    }
}
