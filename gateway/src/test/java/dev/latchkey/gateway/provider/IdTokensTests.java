package dev.latchkey.gateway.provider;

import static dev.latchkey.gateway.provider.ProviderFixture.NONCE;
import static dev.latchkey.gateway.provider.ProviderFixture.block;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.latchkey.gateway.provider.Judgement.Forged;
import dev.latchkey.gateway.provider.Judgement.Good;
import dev.latchkey.gateway.provider.Judgement.Insufficient;
import dev.latchkey.gateway.provider.Judgement.KeysAway;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.token.Roles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An ID token signs in whom it is about only if everything about it is right. */
final class IdTokensTests {

    private static final Expected NOTHING_ELSE = Expected.ofAttempt(ClientType.CONFIDENTIAL, NONCE);

    private static final UpstreamTokens NO_TOKENS = new UpstreamTokens(
            ClientType.CONFIDENTIAL, Optional.empty(), Optional.empty(), Optional.empty(), "", Optional.empty());

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    private StrictProvider server;
    private Provider provider;

    @BeforeEach
    void start() {
        server = fixture.server();
        provider = fixture.ready(Map.of());
    }

    @Test
    void tokenWhenGoodThenSaysWhoItIs() {
        Good good = (Good) judge(server.idTokenClaims(NONCE));
        ProviderUser user = good.user();
        assertThat(user.sub()).isEqualTo("ada");
        assertThat(user.name()).contains("Ada Lovelace");
        assertThat(user.email()).contains("ada@example.org");
        assertThat(user.roles()).isEqualTo(Roles.of(List.of("customer")));
        assertThat(user.sid()).isPresent();
        assertThat(user.authTime()).contains(fixture.clock().instant());
        assertThat(user.localName()).isEmpty();
        assertThat(good.toString()).doesNotContain("=ada", "Lovelace");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            iss       | http://evil.example | another issuer
            iss       | none                | another issuer
            aud       | other               | not for this client
            aud       | none                | not for this client
            azp       | other               | not for this client
            nonce     | of-another-attempt  | nonce
            nonce     | none                | nonce
            sub       | none                | sub
            exp       | none                | no exp
            iat       | none                | no exp
            auth_time | yesterday           | malformed
            """)
    void tokenWhenAClaimIsWrongThenIsForged(String name, String value, String word) {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        claims.remove(name);
        if (value != null) {
            claims.put(name, value);
        }
        assertThat(judge(claims))
                .isInstanceOfSatisfying(
                        Forged.class, forged -> assertThat(forged.why()).contains(word));
    }

    @ParameterizedTest
    @CsvSource({"254, 256", "255, 255", "256, 256"})
    void tokenWhenTheNameIsLongThenItIsCutBetweenCharacters(int before, int kept) {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        claims.put("name", "a".repeat(before) + "\ud83d\ude00".repeat(2));
        assertThat(((Good) judge(claims)).user().name())
                .hasValueSatisfying(name -> assertThat(name).hasSize(kept));
    }

    @Test
    void tokenWhenForSeveralAudiencesThenMustNameThisClientAsItsParty() {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        claims.put("aud", List.of(StrictProvider.CLIENT, "other"));
        assertThat(judge(claims)).isInstanceOf(Forged.class);
        claims.put("azp", StrictProvider.CLIENT);
        assertThat(judge(claims)).isInstanceOf(Good.class);
    }

    @Test
    void tokenWhenTimesAreOffThenHasAMinuteOfLeeway() {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        long now = fixture.clock().instant().getEpochSecond();
        claims.put("exp", now - 59);
        assertThat(judge(claims)).isInstanceOf(Good.class);
        claims.put("exp", now - 60);
        assertThat(judge(claims)).isEqualTo(new Forged("it has expired"));
        claims.put("exp", now + 300);
        claims.put("iat", now + 60);
        assertThat(judge(claims)).isInstanceOf(Good.class);
        claims.put("iat", now + 61);
        assertThat(judge(claims)).isInstanceOf(Forged.class);
    }

    @Test
    void tokenWhenSignedOtherwiseThenIsForged() {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        Expected expected = Expected.ofAttempt(ClientType.CONFIDENTIAL, NONCE);
        assertThat(judge(server.signOtherwise(claims, new JWSAlgorithm("none")), expected))
                .isInstanceOf(Forged.class);
        assertThat(judge(server.signOtherwise(claims, JWSAlgorithm.HS256), expected))
                .isInstanceOf(Forged.class);
        String good = server.sign(claims, "JWT");
        String cut = good.substring(0, good.length() - 8) + "AAAAAAAA";
        fixture.pass(Duration.ofSeconds(30));
        assertThat(judge(cut, expected)).isEqualTo(new Forged("its signature is none of the provider's"));
        assertThat(judge("no.token.at all", expected)).isInstanceOf(Forged.class);
        assertThat(judge(server.sign(claims, "at+jwt"), expected)).isInstanceOf(Forged.class);
    }

    @Test
    void tokenWhenItsAlgorithmIsNotTheConfiguredOneThenIsForged() {
        Provider other = fixture.ready(Map.of("id-token-algorithm", "RS512"));
        assertThat(judge(other, server.sign(server.idTokenClaims(NONCE), "JWT")))
                .isEqualTo(new Forged("it is signed with another algorithm than id-token-algorithm"));
    }

    @Test
    void tokenWhenItIsALogoutTokenThenSignsNobodyIn() {
        String token = server.sign(server.logoutClaims(), "JWT");
        assertThat(judge(token, Expected.ofRefresh(ClientType.CONFIDENTIAL, "ada")))
                .isEqualTo(new Forged("it is a logout token"));
    }

    @Test
    void tokenWhenItsKeyIsNewThenTheKeysAreReadAgain() {
        server.rollKey();
        fixture.pass(Duration.ofSeconds(30));
        assertThat(judge(server.idTokenClaims(NONCE))).isInstanceOf(Good.class);
    }

    @Test
    void tokenWhenItsKeyIsNewAndTheKeysCannotBeReadThenNobodyKnows() {
        server.rollKey();
        assertThat(judge(server.idTokenClaims(NONCE))).as("read just before").isInstanceOf(KeysAway.class);
        server.always("/jwks", ProviderTrouble.error(500, "server_error"));
        fixture.pass(Duration.ofSeconds(30));
        assertThat(judge(server.idTokenClaims(NONCE))).isInstanceOf(KeysAway.class);
    }

    @Test
    void tokenWhenItNamesNoKeyThenIsTriedWithAll() {
        assertThat(judge(server.sign(header(JWSAlgorithm.RS256).build(), server.idTokenClaims(NONCE)), NOTHING_ELSE))
                .isInstanceOf(Good.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tokenWhenTheKeyIsNewButNamedAsBeforeThenTheKeysAreReadAgain(boolean isNamed) {
        server.rollKeyUnseen();
        JWSHeader.Builder header = header(JWSAlgorithm.RS256);
        JWSHeader named = isNamed ? header.keyID(server.keyId()).build() : header.build();
        String token = server.sign(named, server.idTokenClaims(NONCE));
        int before = server.received("/jwks").size();
        assertThat(judge(token, NOTHING_ELSE)).as("read just before").isInstanceOf(KeysAway.class);
        assertThat(server.received("/jwks")).hasSize(before);
        fixture.pass(Duration.ofSeconds(30));
        assertThat(judge(token, NOTHING_ELSE)).isInstanceOf(Good.class);
        assertThat(server.received("/jwks")).hasSize(before + 1);
    }

    @Test
    void tokensWhenManyAreForgedThenTheKeysAreReadOnceInThirtySeconds() {
        String good = server.sign(server.idTokenClaims(NONCE), "JWT");
        String forged = good.substring(0, good.length() - 8) + "AAAAAAAA";
        int before = server.received("/jwks").size();
        fixture.pass(Duration.ofSeconds(30));
        assertThat(judge(forged, NOTHING_ELSE)).isInstanceOf(Forged.class);
        for (int i = 0; i < 20; i++) {
            assertThat(judge(forged, NOTHING_ELSE)).isInstanceOf(KeysAway.class);
        }
        assertThat(judge(good, NOTHING_ELSE)).isInstanceOf(Good.class);
        assertThat(server.received("/jwks")).hasSize(before + 1);
    }

    @Test
    void tokenWhenItsKeyIsNoneOfTheProvidersThenIsForged() {
        String token = server.sign(server.idTokenClaims(NONCE), "JWT");
        server.rollKey();
        fixture.pass(Duration.ofHours(1));
        assertThat(judge(token, Expected.ofAttempt(ClientType.CONFIDENTIAL, NONCE)))
                .isInstanceOf(Forged.class);
    }

    @Test
    void tokenWhenRefreshedThenMustBeOfTheSameUser() {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        claims.remove("nonce");
        String token = server.sign(claims, "JWT");
        assertThat(judge(token, Expected.ofRefresh(ClientType.CONFIDENTIAL, "ada")))
                .isInstanceOf(Good.class);
        assertThat(judge(token, Expected.ofRefresh(ClientType.CONFIDENTIAL, "grace")))
                .isInstanceOf(Forged.class);
    }

    @Test
    void tokenWhenTheSignInIsTooOldThenIsInsufficient() {
        Expected recent = new Expected(
                ClientType.CONFIDENTIAL,
                Optional.of(NONCE),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(10)),
                List.of());
        fixture.clock().advanceSeconds(70);
        String token = server.sign(server.idTokenClaims(NONCE), "JWT");
        assertThat(judge(token, recent)).isInstanceOf(Good.class);
        fixture.clock().advanceSeconds(1);
        assertThat(judge(token, recent)).isInstanceOf(Insufficient.class);
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        claims.remove("auth_time");
        assertThat(judge(server.sign(claims, "JWT"), recent)).isInstanceOf(Insufficient.class);
    }

    @Test
    void tokenWhenTheSignInIsTooWeakThenIsInsufficient() {
        Expected strong = new Expected(
                ClientType.CONFIDENTIAL,
                Optional.of(NONCE),
                Optional.empty(),
                Optional.empty(),
                List.of("gold", "silver"));
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        assertThat(judge(server.sign(claims, "JWT"), strong)).isInstanceOf(Insufficient.class);
        claims.put("acr", "bronze");
        assertThat(judge(server.sign(claims, "JWT"), strong)).isInstanceOf(Insufficient.class);
        claims.put("acr", "silver");
        assertThat(judge(server.sign(claims, "JWT"), strong)).isInstanceOf(Good.class);
    }

    @Test
    void rolesWhenNestedOrNamedByAnAddressThenAreFound() {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        claims.put("realm_access", Map.of("roles", List.of("admin", "clerk")));
        claims.put("https://shop.example/roles", "auditor");
        assertThat(roles("realm_access.roles", claims)).isEqualTo(Roles.of(List.of("admin", "clerk")));
        assertThat(roles("https://shop.example/roles", claims)).isEqualTo(Roles.of(List.of("auditor")));
        assertThat(roles("nowhere.at.all", claims)).isEqualTo(Roles.NONE);
    }

    @Test
    void rolesWhenTheyAreElsewhereThenIsInsufficientInsteadOfNone() {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        claims.put("_claim_names", Map.of("groups", "src1"));
        Provider entra = fixture.ready(Map.of("roles-claim", "groups"));
        assertThat(judge(entra, server.sign(claims, "JWT")))
                .isInstanceOfSatisfying(
                        Insufficient.class, no -> assertThat(no.why()).contains("groups"));
        claims.remove("_claim_names");
        claims.put("groups", Map.of("a", "b"));
        assertThat(judge(entra, server.sign(claims, "JWT"))).isInstanceOf(Insufficient.class);
        claims.put("groups", List.of("x".repeat(1025)));
        assertThat(judge(entra, server.sign(claims, "JWT"))).isInstanceOf(Insufficient.class);
    }

    @Test
    void localUserWhenJoinedByAClaimThenTheClaimMustBeThere() {
        Provider joined = fixture.ready(Map.of("local-user-claim", "preferred_username"));
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        assertThat(judge(joined, server.sign(claims, "JWT"))).isInstanceOf(Insufficient.class);
        claims.put("preferred_username", "ada.local");
        Good good = (Good) judge(joined, server.sign(claims, "JWT"));
        assertThat(good.user().localName()).contains("ada.local");
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT);
    }

    private Roles roles(String path, Map<String, Object> claims) {
        Provider other = fixture.ready(Map.of("roles-claim", path));
        return ((Good) judge(other, server.sign(claims, "JWT"))).user().roles();
    }

    private Judgement judge(Map<String, Object> claims) {
        return judge(server.sign(claims, "JWT"), Expected.ofAttempt(ClientType.CONFIDENTIAL, NONCE));
    }

    private Judgement judge(Provider other, String token) {
        return block(
                fixture.idTokens().judge(other, token, Expected.ofAttempt(ClientType.CONFIDENTIAL, NONCE), NO_TOKENS));
    }

    private Judgement judge(String token, Expected expected) {
        return block(fixture.idTokens().judge(provider, token, expected, NO_TOKENS));
    }
}
