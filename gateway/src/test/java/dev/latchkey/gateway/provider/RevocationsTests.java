package dev.latchkey.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.ProviderTrouble;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;

/** What is not needed any more is void at the provider, too, as far as that can be brought about. */
final class RevocationsTests {

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    @Test
    void tokenWhenRevokedThenIsVoid() {
        Provider provider = fixture.ready(Map.of());
        UpstreamTokens held = fixture.tokens(provider);
        assertThat(fixture.server().isGood(held.refresh().orElseThrow())).isTrue();
        revoke(provider, held);
        assertThat(fixture.server().isGood(held.refresh().orElseThrow())).isFalse();
        assertThat(fixture.server().received("/revoke")).hasSize(1);
    }

    @Test
    void tokenWhenTheProviderStumblesThenIsRevokedByTheNextTry() {
        Provider provider = fixture.ready(Map.of());
        UpstreamTokens held = fixture.tokens(provider);
        fixture.server().next("/revoke", ProviderTrouble.closes());
        revoke(provider, held);
        assertThat(fixture.server().isGood(held.refresh().orElseThrow())).isFalse();
        assertThat(fixture.server().received("/revoke")).hasSize(2);
    }

    @Test
    void tokenWhenTheProviderStaysAwayThenGivesUp() {
        Provider provider = fixture.ready(Map.of());
        UpstreamTokens held = fixture.tokens(provider);
        fixture.server().always("/revoke", ProviderTrouble.error(500, "server_error"));
        revoke(provider, held);
        assertThat(fixture.server().received("/revoke")).hasSize(3);
    }

    @Test
    void tokenWhenThereIsNoEndpointThenIsLeft() {
        fixture.server().metadata("revocation_endpoint", "");
        Provider provider = fixture.ready(Map.of());
        revoke(provider, fixture.tokens(provider));
        assertThat(fixture.server().received("/revoke")).isEmpty();
    }

    private void revoke(Provider provider, UpstreamTokens tokens) {
        StepVerifier.create(fixture.revocations().revoke(provider, tokens))
                .expectComplete()
                .verify(ProviderFixture.LIMIT);
    }
}
