package dev.latchkey.gateway.provider;

import static dev.latchkey.gateway.provider.ProviderFixture.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.TokenAnswer.Ours;
import dev.latchkey.gateway.provider.TokenAnswer.Refused;
import dev.latchkey.gateway.provider.TokenAnswer.Trouble;
import dev.latchkey.gateway.provider.TokenAnswer.Unknown;
import dev.latchkey.gateway.provider.TokenAnswer.Unsent;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are asked for once, and each answer is taken for what it is: nobody is told refused who was not refused. */
final class TokenCallsTests {

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    private Provider provider;
    private UpstreamTokens held;

    @BeforeEach
    void start() {
        provider = fixture.ready(Map.of());
        held = fixture.tokens(provider);
    }

    @Test
    void refreshWhenGrantedThenHasTheNewTokens() {
        Granted granted = (Granted) fixture.refresh(provider, held);
        assertThat(granted.tokens().refresh()).isPresent().isNotEqualTo(held.refresh());
        assertThat(granted.tokens().access()).isPresent();
        assertThat(granted.tokens().idToken()).isPresent();
        assertThat(granted.tokens().scope()).isEqualTo("openid profile email");
        assertThat(granted.expiresIn()).isEqualTo(Duration.ofMinutes(5));
        assertThat(fixture.server().isGood(granted.tokens().refresh().get())).isTrue();
    }

    @Test
    void refreshWhenTheProviderDoesNotRotateThenKeepsTheToken() {
        fixture.server().behave(behaviour -> behaviour.rotates(false));
        fixture.server().behave(behaviour -> behaviour.refreshesIdToken(false));
        fixture.server().behave(behaviour -> behaviour.saysLifetime(false));
        Granted granted = (Granted) fixture.refresh(provider, held);
        assertThat(granted.tokens().refresh()).isEqualTo(held.refresh());
        assertThat(granted.tokens().idToken()).isEmpty();
        assertThat(granted.expiresIn()).as("the default").isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"expires_in\":null", ",\"expires_in\":0", ",\"expires_in\":\"soon\""})
    void refreshWhenItDoesNotSayHowLongThenTheDefaultCounts(String member) {
        Provider patient = fixture.ready(Map.of("default-expires-in", "7m"));
        String body = "{\"access_token\":\"a\",\"token_type\":\"Bearer\"" + member + "}";
        fixture.server().next("/token", ProviderTrouble.answers(200, Map.of("Content-Type", "application/json"), body));
        Granted granted = (Granted) fixture.refresh(patient, held);
        assertThat(granted.expiresIn()).isEqualTo(Duration.ofMinutes(7));
        assertThat(granted.refreshExpiresIn()).isEmpty();
    }

    @Test
    void refreshWhenTheConnectionClosesAfterTheRequestThenIsNotSentAgain() {
        fixture.server().always("/token", ProviderTrouble.closes());
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Unknown.class);
        assertThat(fixture.server().tokenRequests("refresh_token")).isEqualTo(1);

        fixture.server().heal();
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Granted.class);
        assertThat(fixture.server().reused()).isZero();
    }

    @Test
    void refreshWhenTheAnswerIsLostThenIsUnknown() {
        fixture.server().next("/token", ProviderTrouble.loses());
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Unknown.class);
        assertThat(fixture.server().tokenRequests("refresh_token")).isEqualTo(1);
        assertThat(fixture.refresh(provider, held)).isEqualTo(new Refused("invalid_grant"));
    }

    @Test
    void refreshWhenItTakesTooLongThenIsUnknown() {
        fixture.server().always("/token", ProviderTrouble.delayed(Duration.ofMinutes(5)));
        TokenAnswer answer = block(fixture.calls().refresh(provider, held, Duration.ofMillis(500)));
        assertThat(answer).isEqualTo(new Unknown("timed out"));
        assertThat(block(fixture.calls().refresh(provider, held, Duration.ZERO)))
                .isEqualTo(new Unsent("no time left"));
        assertThat(fixture.server().tokenRequests("refresh_token")).isEqualTo(1);
    }

    @Test
    void refreshWhenTheAnswerHasNoEndThenIsUnknown() {
        fixture.server().next("/token", ProviderTrouble.endless());
        assertThat(fixture.refresh(provider, held)).isEqualTo(new Unknown("OversizeException"));
    }

    @Test
    void refreshWhenNobodyListensThenNothingWasSent() {
        fixture.server().close();
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Unsent.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | application/json         | {"error":"invalid_grant"}          | Refused[error=invalid_grant]
            401 | application/json         | {"error":"invalid_grant"}          | Refused[error=invalid_grant]
            400 | application/json         | {"error":"login_required"}         | Refused[error=login_required]
            400 | application/json;charset=utf-8 | {"error":"consent_required"} | Refused[error=consent_required]
            401 | application/json         | {"error":"invalid_client"}         | Ours[error=invalid_client]
            400 | application/json         | {"error":"unauthorized_client"}    | Ours[error=unauthorized_client]
            400 | application/json         | {"error":"invalid_scope"}          | Ours[error=invalid_scope]
            400 | application/json         | {"error":"invalid_request"}        | Ours[error=invalid_request]
            400 | application/json         | {"error":"<b>secret</b>"}          | Ours[error=unknown]
            400 | application/json         | {"error":"temporarily_unavailable"} | Trouble[retryAfter=Optional.empty]
            400 | application/json         | {"fault":"invalid_grant"}          | Unknown[what=an error without a code]
            400 | application/json         | {"error":"invalid_gra              | Unknown[what=status 400]
            400 | text/html                | {"error":"invalid_grant"}          | Unknown[what=status 400]
            403 | application/json         | {"error":"invalid_grant"}          | Refused[error=invalid_grant]
            403 | application/json         | {"error":"access_denied"}          | Unknown[what=status 403]
            403 | application/json         | {"error":"invalid_client"}         | Unknown[what=status 403]
            403 | text/html                | {"error":"invalid_grant"}          | Unknown[what=status 403]
            404 | text/html                | gone                               | Unknown[what=status 404]
            302 | text/html                | elsewhere                          | Unknown[what=status 302]
            500 | application/json         | {"error":"invalid_grant"}          | Unknown[what=status 500]
            503 | text/html                | later                              | Unknown[what=status 503]
            200 | text/html                | <h1>Sign in to the network</h1>    | Unknown[what=status 200]
            200 | application/json         | {"token_type":"Bearer"}            | Unknown[what=no access token]
            200 | application/json         | []                                 | Unknown[what=no access token]
            """)
    void refreshWhenAnsweredThenIsTakenForWhatItIs(int status, String type, String body, String kind) {
        fixture.server().next("/token", ProviderTrouble.answers(status, Map.of("Content-Type", type), body));
        assertThat(fixture.refresh(provider, held)).hasToString(kind);
        assertThat(fixture.server().tokenRequests("refresh_token")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"429, 7, 7", "503, 7, 7", "429, 999999, 300"})
    void refreshWhenToldToWaitThenAllCallsWait(int status, String seconds, int waits) {
        fixture.server().next("/token", ProviderTrouble.answers(status, Map.of("Retry-After", seconds), ""));
        assertThat(fixture.refresh(provider, held))
                .isEqualTo(new Trouble(Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))));

        assertThat(fixture.refresh(provider, held)).isEqualTo(new Unsent("paused"));
        fixture.pass(Duration.ofSeconds(waits).minusMillis(1));
        assertThat(fixture.refresh(provider, held)).isEqualTo(new Unsent("paused"));
        fixture.pass(Duration.ofMillis(1));
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Granted.class);
    }

    @Test
    void refreshWhenTheClientIsRefusedThenSaysSoUntilItIsMended() {
        fixture.write("another secret");
        assertThat(fixture.refresh(provider, held)).isEqualTo(new Ours("invalid_client"));
        assertThat(provider.trouble())
                .hasValueSatisfying(sentence ->
                        assertThat(sentence).contains("invalid_client").doesNotContain("another secret"));
        assertThat(fixture.refresh(provider, held)).isEqualTo(new Unsent("paused"));

        fixture.write(StrictProvider.SECRET);
        fixture.pass(Duration.ofSeconds(10));
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Granted.class);
        assertThat(provider.trouble()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_client, true",
        "unauthorized_client, true",
        "invalid_scope, true",
        "invalid_request, true",
        "token_inactive, false"
    })
    void refreshWhenRefusedForThisGatewayThenOthersWaitOnlyIfItConcernsThem(String error, boolean waits) {
        fixture.server().next("/token", ProviderTrouble.error(400, error));
        assertThat(fixture.refresh(provider, held)).isEqualTo(new Ours(error));
        assertThat(fixture.refresh(provider, held)).isInstanceOf(waits ? Unsent.class : Granted.class);
        assertThat(provider.trouble().isPresent()).isEqualTo(waits);
    }

    @Test
    void exchangeWhenAUserSendsNonsenseThenOthersDoNotWait() {
        TokenAnswer answer = block(fixture.calls()
                .exchange(
                        provider,
                        ClientType.CONFIDENTIAL,
                        "made up",
                        ProviderFixture.VERIFIER,
                        ProviderFixture.REDIRECT));
        assertThat(answer).isEqualTo(new Refused("invalid_grant"));
        fixture.server().next("/token", ProviderTrouble.error(400, "invalid_request"));
        assertThat(block(fixture.calls()
                        .exchange(
                                provider,
                                ClientType.CONFIDENTIAL,
                                "\u0000",
                                ProviderFixture.VERIFIER,
                                ProviderFixture.REDIRECT)))
                .isEqualTo(new Ours("invalid_request"));
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Granted.class);
        assertThat(provider.trouble()).isEmpty();
    }

    @Test
    void callWhenTheSecretCannotBeReadThenNothingIsSent() throws IOException {
        Files.delete(fixture.folder().resolve("client-secret"));
        assertThat(fixture.refresh(provider, held)).isEqualTo(new Unsent("no credentials"));
        assertThat(fixture.server().tokenRequests("refresh_token")).isZero();
    }

    @Test
    void callWhenTheProviderTakesNoHeaderThenTheSecretIsInTheForm() {
        fixture.server()
                .metadata(
                        "token_endpoint_auth_methods_supported",
                        "client_secret_post".lines().toList());
        Provider other = fixture.ready(Map.of());
        assertThat(fixture.exchange(other)).isInstanceOf(Granted.class);
        var last = fixture.server().received("/token").get(1);
        assertThat(last.headers().contains("Authorization")).isFalse();
        assertThat(last.form()).containsEntry("client_secret", StrictProvider.SECRET);
    }

    @Test
    void callWhenThereIsAKeyThenSignsAnAssertionForTheIssuer() throws IOException, JOSEException, ParseException {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("client-key").generate();
        Path file = Files.writeString(fixture.folder().resolve("key.jwk"), key.toJSONString());
        fixture.server().register(key);
        Provider other = fixture.ready(Map.of("client-secret-file", "", "private-key-file", file.toString()));
        assertThat(fixture.exchange(other)).isInstanceOf(Granted.class);

        var form = fixture.server().received("/token").get(1).form();
        SignedJWT assertion = SignedJWT.parse(form.get("client_assertion"));
        assertThat(assertion.getJWTClaimsSet().getAudience())
                .containsExactly(fixture.server().issuer().toString());
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("client-key");
        assertThat(form).doesNotContainKey("client_secret");
    }

    @Test
    void callWhenBoundToAKeyThenProvesItWithTheNonceOfTheProvider() {
        fixture.server().behave(behaviour -> behaviour.requiresDpopNonce(true));
        Provider other = fixture.ready(Map.of("dpop", "true"));
        UpstreamTokens bound = fixture.tokens(other);
        assertThat(bound.dpopKey()).isPresent();
        assertThat(fixture.server().tokenRequests("authorization_code"))
                .as("refused once for its nonce")
                .isEqualTo(3);

        Granted granted = (Granted) fixture.refresh(other, bound);
        assertThat(granted.tokens().dpopKey()).isEqualTo(bound.dpopKey());
        assertThat(fixture.server().tokenRequests("refresh_token"))
                .as("the nonce is known")
                .isEqualTo(1);
    }

    /** As with users who sign in at the same time, after the provider has changed its nonce. */
    @Test
    void callWhenAnotherLearnsTheNonceMeanwhileThenIsMadeOnceMoreAllTheSame() {
        fixture.server().behave(behaviour -> behaviour.requiresDpopNonce(true));
        Provider other = fixture.ready(Map.of("dpop", "true"));
        fixture.server().next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(1)));
        CompletableFuture<TokenAnswer> call = CompletableFuture.supplyAsync(() -> fixture.exchange(other));
        await().until(() -> fixture.server().tokenRequests("authorization_code") == 2);
        other.expectNonce("nonce-of-the-server");

        assertThat(call.join()).isInstanceOf(Granted.class);
        assertThat(fixture.server().tokenRequests("authorization_code")).isEqualTo(3);
    }

    @Test
    void exchangeTokenWhenGrantedThenHasTheAudienceAndNoRefreshToken() throws ParseException {
        Granted granted = (Granted) block(fixture.calls().exchangeToken(provider, held, "orders"));
        assertThat(granted.tokens().refresh()).isEmpty();
        assertThat(SignedJWT.parse(granted.tokens().access().get())
                        .getJWTClaimsSet()
                        .getAudience())
                .containsExactly("orders");
    }

    @Test
    void exchangeTokenWhenTheMetadataDoNotOfferItThenNothingIsSent() {
        fixture.server().metadata("grant_types_supported", List.of("authorization_code", "refresh_token"));
        Provider other = fixture.ready(Map.of());
        assertThat(block(fixture.calls().exchangeToken(other, held, "orders")))
                .isEqualTo(new Ours("unsupported_grant_type"));
        assertThat(fixture.server().received("/token")).hasSize(1);
    }

    /** An audience is asked for, and another comes back. */
    @Test
    void exchangeTokenWhenAnotherAudienceComesThenRefused() {
        String other = fixture.server().sign(Map.of("sub", "ada", "aud", List.of("stock", "mail")), "at+jwt");
        exchanged(other);
        assertThat(block(fixture.calls().exchangeToken(provider, held, "orders")))
                .isEqualTo(new Ours("invalid_target"));
        exchanged(other);
        assertThat(block(fixture.calls().exchangeToken(provider, held, "mail"))).isInstanceOf(Granted.class);
        exchanged("opaque");
        assertThat(block(fixture.calls().exchangeToken(provider, held, "orders")))
                .isInstanceOf(Granted.class);
    }

    private void exchanged(String token) {
        String body = "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":60}";
        fixture.server().next("/token", ProviderTrouble.answers(200, Map.of("Content-Type", "application/json"), body));
    }

    /** A client that may not exchange tokens, or not for this audience, may still sign users in. */
    @ParameterizedTest
    @ValueSource(strings = {"unauthorized_client", "invalid_client"})
    void exchangeTokenWhenTheClientMayNotThenTheProviderIsUsedAllTheSame(String error) {
        fixture.server().next("/token", ProviderTrouble.error(400, error));
        assertThat(block(fixture.calls().exchangeToken(provider, held, "orders")))
                .isEqualTo(new Ours(error));
        assertThat(provider.trouble()).isEmpty();
        assertThat(fixture.refresh(provider, held)).isInstanceOf(Granted.class);
    }

    @Test
    void callWhenItEndsThenIsCounted() {
        fixture.refresh(provider, held);
        assertThat(fixture.meters()
                        .counter(
                                "latchkey.providers.calls",
                                "provider",
                                "strict",
                                "call",
                                "refresh",
                                "outcome",
                                "granted")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void tokensWhenPrintedThenHideThemselves() {
        String printed = held + " " + fixture.refresh(provider, held) + " " + ProviderFixture.parameters();
        assertThat(printed)
                .doesNotContain(held.refresh().get())
                .doesNotContain(held.access().get())
                .doesNotContain(held.idToken().get())
                .doesNotContain(ProviderFixture.NONCE)
                .doesNotContain("refresh-");
    }
}
