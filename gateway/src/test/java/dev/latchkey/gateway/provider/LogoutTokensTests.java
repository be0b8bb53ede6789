package dev.latchkey.gateway.provider;

import static dev.latchkey.gateway.provider.ProviderFixture.block;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.latchkey.gateway.provider.LogoutTokens.Bad;
import dev.latchkey.gateway.provider.LogoutTokens.Good;
import dev.latchkey.gateway.provider.LogoutTokens.KeysAway;
import dev.latchkey.gateway.provider.LogoutTokens.Verdict;
import dev.latchkey.gateway.testing.StrictProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only the provider ends sessions from behind, and only by a token that is made for that. */
final class LogoutTokensTests {

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
    void tokenWhenGoodThenSaysWhoseSessions() {
        Good good = (Good) judge(server.logoutToken());
        assertThat(good.sub()).contains("ada");
        assertThat(good.sid()).isPresent();
        assertThat(good.jti()).isNotBlank();
        assertThat(good.rest()).as("its life and the leeway").isEqualTo(Duration.ofMinutes(3));
        assertThat(good.toString()).doesNotContain("[ada]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            iss    | http://evil.example | another issuer
            aud    | other               | not for this client
            exp    | none                | no exp
            iat    | none                | no exp
            jti    | none                | no jti
            events | none                | not about a logout
            events | text                | not about a logout
            nonce  | any                 | nonce
            sub    | 300                 | neither
            """)
    void tokenWhenAClaimIsWrongThenEndsNothing(String name, String value, String word) {
        Map<String, Object> claims = server.logoutClaims();
        claims.remove(name);
        if (value != null) {
            claims.put(name, value.equals("300") ? "x".repeat(300) : value);
        }
        assertThat(judge(server.sign(claims, "logout+jwt")))
                .isInstanceOfSatisfying(Bad.class, bad -> assertThat(bad.why()).contains(word));
    }

    @Test
    void tokenWhenItNamesTheSessionOrTheUserAloneThenIsGood() {
        Map<String, Object> claims = server.logoutClaims();
        claims.remove("sub");
        assertThat(judge(server.sign(claims, "logout+jwt"))).isInstanceOf(Good.class);
        claims.put("sub", claims.remove("sid"));
        assertThat(judge(server.sign(claims, "logout+jwt"))).isInstanceOf(Good.class);
        claims.remove("sub");
        assertThat(judge(server.sign(claims, "logout+jwt"))).isInstanceOf(Bad.class);
    }

    @Test
    void tokenWhenItsTimesAreOffThenEndsNothing() {
        Map<String, Object> claims = server.logoutClaims();
        long now = fixture.clock().instant().getEpochSecond();
        claims.put("exp", now - 60);
        assertThat(judge(server.sign(claims, "logout+jwt"))).isEqualTo(new Bad("it has expired"));
        claims.put("exp", now + 120);
        claims.put("iat", now + 61);
        assertThat(judge(server.sign(claims, "logout+jwt")))
                .isInstanceOfSatisfying(Bad.class, bad -> assertThat(bad.why()).contains("in the future"));
    }

    @Test
    void tokenWhenItsEventIsAnotherThenEndsNothing() {
        Map<String, Object> claims = server.logoutClaims();
        claims.put("events", Map.of("http://schemas.openid.net/secevent/risc", Map.of()));
        assertThat(judge(server.sign(claims, "logout+jwt"))).isInstanceOf(Bad.class);
        claims.put("events", List.of("http://schemas.openid.net/event/backchannel-logout"));
        assertThat(judge(server.sign(claims, "logout+jwt"))).isInstanceOf(Bad.class);
    }

    /** A quarter of an hour, by a clock that may be a minute ahead. */
    @Test
    void tokenWhenItLivesForTooLongThenEndsNothing() {
        Map<String, Object> claims = server.logoutClaims();
        long now = fixture.clock().instant().getEpochSecond();
        claims.put("exp", now + 960);
        assertThat(judge(server.sign(claims, "logout+jwt"))).isInstanceOf(Good.class);
        claims.put("exp", now + 961);
        assertThat(judge(server.sign(claims, "logout+jwt"))).isInstanceOf(Bad.class);
    }

    @Test
    void tokenWhenItIsAnIdTokenOrForgedThenEndsNothing() {
        assertThat(judge(server.sign(server.idTokenClaims("n"), "JWT"))).isInstanceOf(Bad.class);
        assertThat(judge(server.sign(server.logoutClaims(), "at+jwt"))).isInstanceOf(Bad.class);
        assertThat(judge(server.signOtherwise(server.logoutClaims(), JWSAlgorithm.HS256)))
                .isInstanceOf(Bad.class);
        assertThat(judge(server.signOtherwise(server.logoutClaims(), new JWSAlgorithm("none"))))
                .isInstanceOf(Bad.class);
        assertThat(judge("")).isInstanceOf(Bad.class);
    }

    @Test
    void tokenWhenTheKeysAreAwayThenNobodyKnows() {
        server.rollKey();
        assertThat(judge(server.logoutToken())).isInstanceOf(KeysAway.class);
    }

    private Verdict judge(String token) {
        return block(fixture.logoutTokens().judge(provider, token));
    }
}
