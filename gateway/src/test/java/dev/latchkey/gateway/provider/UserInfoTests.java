package dev.latchkey.gateway.provider;

import static dev.latchkey.gateway.provider.ProviderFixture.NONCE;
import static dev.latchkey.gateway.provider.ProviderFixture.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.provider.Judgement.Good;
import dev.latchkey.gateway.provider.Judgement.Insufficient;
import dev.latchkey.gateway.provider.Judgement.KeysAway;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.token.Roles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What ID tokens lack is asked for, where the settings say so; that it cannot be had is nobody's fault. */
final class UserInfoTests {

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    private StrictProvider server;

    @BeforeEach
    void start() {
        server = fixture.server();
        server.signIn("ada", Map.of());
        server.userInfo(Map.of("name", "Ada", "email", "ada@example.org", "realm", Map.of("roles", List.of("clerk"))));
    }

    @Test
    void claimsWhenTheIdTokenLacksThemThenAreAsked() {
        Good good = (Good) judge(Map.of());
        assertThat(good.user().name()).contains("Ada");
        assertThat(good.user().email()).contains("ada@example.org");
        assertThat(good.user().roles()).isEqualTo(Roles.of(List.of("clerk")));
        assertThat(server.received("/userinfo").get(0).headers().get("Authorization"))
                .startsWith("Bearer ");
        assertThat(fixture.meters()
                        .get("latchkey.providers.calls")
                        .tags("call", "user-info", "outcome", "granted")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void claimsWhenTheIdTokenHasThemThenGoBeforeAndOnlyWhatItLacksIsTaken() {
        server.signIn("ada", Map.of("name", "Countess", "acr", "bronze"));
        server.userInfo(Map.of("name", "Ada", "acr", "gold", "sid", "other", "realm", Map.of("roles", "clerk")));
        Good good = (Good) judge(Map.of());
        assertThat(good.user().name()).contains("Countess");
        assertThat(good.user().acr()).contains("bronze");
        assertThat(good.user().sid()).isNotEqualTo(java.util.Optional.of("other"));
        assertThat(good.user().roles()).isEqualTo(Roles.of(List.of("clerk")));
    }

    @Test
    void claimsWhenNothingIsLackingOrItIsOffThenNobodyIsAsked() {
        assertThat(judge(Map.of("user-info", "false"))).isInstanceOf(Good.class);
        server.signIn("ada", Map.of("name", "A", "email", "a@b", "realm", Map.of("roles", List.of())));
        assertThat(judge(Map.of())).isInstanceOf(Good.class);
        assertThat(server.received("/userinfo")).isEmpty();
    }

    @Test
    void claimsWhenTokensAreBoundToAKeyThenItIsProvenWithTheNonceOfTheEndpoint() {
        Good good = (Good) judge(Map.of("dpop", "true"));
        assertThat(good.user().name()).contains("Ada");
        assertThat(server.received("/userinfo"))
                .hasSize(2)
                .allSatisfy(request ->
                        assertThat(request.headers().get("Authorization")).startsWith("DPoP "));
    }

    static Stream<ProviderTrouble> troubles() {
        Map<String, String> json = Map.of("Content-Type", "application/json");
        return Stream.of(
                ProviderTrouble.error(500, "server_error"),
                ProviderTrouble.error(401, "invalid_token"),
                ProviderTrouble.closes(),
                ProviderTrouble.endless(),
                ProviderTrouble.answers(200, json, "{\"sub\":\"grace\",\"realm\":{\"roles\":[\"admin\"]}}"),
                ProviderTrouble.answers(200, json, "{\"realm\":{\"roles\":[\"admin\"]}}"),
                ProviderTrouble.answers(200, json, "[]"),
                ProviderTrouble.answers(200, json, "{\"sub\":\"ada\",\"a\":" + "[".repeat(30_000)),
                ProviderTrouble.answers(200, Map.of("Content-Type", "text/html"), "<h1>hello</h1>"),
                ProviderTrouble.answers(302, Map.of("Location", "http://127.0.0.1:1/"), ""));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void claimsWhenTheyCannotBeHadThenRolesAreUnknownAndNamesAreDoneWithout(ProviderTrouble trouble) {
        server.always("/userinfo", trouble);
        assertThat(judge(Map.of())).isInstanceOf(KeysAway.class);
        server.signIn("ada", Map.of("realm", Map.of("roles", "clerk")));
        Good good = (Good) judge(Map.of());
        assertThat(good.user().name()).isEmpty();
        assertThat(good.user().roles()).isEqualTo(Roles.of(List.of("clerk")));
    }

    @Test
    void localUserWhenOnlyTheEndpointSaysItThenIsJoined() {
        server.userInfo(Map.of("login", "ada.local"));
        Good good = (Good) judge(Map.of("local-user-claim", "login"));
        assertThat(good.user().localName()).contains("ada.local");
        server.userInfo(Map.of());
        assertThat(judge(Map.of("local-user-claim", "login"))).isInstanceOf(Insufficient.class);
    }

    @Test
    void rolesWhenTheEndpointSaysThatTheyAreElsewhereThenIsInsufficient() {
        server.userInfo(Map.of("_claim_names", Map.of("realm", "src1")));
        assertThat(judge(Map.of())).isInstanceOf(Insufficient.class);
    }

    @ParameterizedTest
    @CsvSource({"'', userinfo_endpoint", "http://169.254.169.254/userinfo, allowed-hosts"})
    void metadataWhenTheEndpointIsMissingOrForeignThenSaysWhy(String address, String word) {
        server.metadata("userinfo_endpoint", address);
        Provider provider = fixture.unknown(Map.of("user-info", "true"));
        Discovery discovery = fixture.discovery(provider);
        discovery.start();
        await().atMost(ProviderFixture.LIMIT)
                .until(() -> provider.trouble().orElse("").contains(word));
        discovery.stop();
        assertThat(fixture.ready(Map.of()).isReady()).isTrue();
    }

    private Judgement judge(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("user-info", "true", "roles-claim", "realm.roles"));
        all.putAll(settings);
        Provider provider = fixture.ready(all);
        UpstreamTokens tokens = fixture.tokens(provider);
        String idToken = tokens.idToken().orElseThrow();
        return block(fixture.idTokens()
                .judge(provider, idToken, Expected.ofAttempt(ClientType.CONFIDENTIAL, NONCE), tokens));
    }
}
