package dev.latchkey.gateway.pipeline.cookies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class TokenCookiesTests {

    private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");
    private static final CookieProperties DEFAULTS =
            new Binder(new MapConfigurationPropertySource()).bindOrCreate("latchkey.cookies", CookieProperties.class);

    private final TokenCookies cookies = new TokenCookies(DEFAULTS);

    @Test
    void rotatedWhenNothingIsConfiguredThenEveryAttributeIsTheStrictOne() {
        List<SetCookie> set = cookies.rotated(pair(2, Optional.of(new RefreshToken("r2"))));
        assertThat(set)
                .extracting(SetCookie::name)
                .containsExactly("__Host-latchkey-access", "__Host-latchkey-refresh-0");
        assertThat(set).allSatisfy(cookie -> {
            assertThat(cookie.line().split("; "))
                    .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=259200")
                    .noneMatch(attribute -> attribute.startsWith("Domain"));
            assertThat(cookie.toString()).doesNotContain(cookie.value() + "]", "=");
        });
    }

    @Test
    void rotatedWhenRefreshTokenStaysThenSetsTheAccessCookieOnly() {
        assertThat(cookies.rotated(pair(2, Optional.empty())))
                .extracting(SetCookie::name)
                .containsExactly("__Host-latchkey-access");
    }

    @Test
    void signedInWhenOlderSessionWasThereThenClearsTheOtherParity() {
        List<SetCookie> set = cookies.signedIn(pair(1, Optional.of(new RefreshToken("r1"))));
        assertThat(set)
                .extracting(SetCookie::name)
                .containsExactly("__Host-latchkey-access", "__Host-latchkey-refresh-1", "__Host-latchkey-refresh-0");
        assertThat(set.get(2).maxAge()).isZero();
    }

    @Test
    void signedOutWhenClearedThenRepeatsEveryAttribute() {
        assertThat(cookies.signedOut())
                .hasSize(3)
                .allSatisfy(cookie -> assertThat(cookie.line())
                        .contains("Path=/", "Max-Age=0", "Secure", "HttpOnly", "SameSite=Lax")
                        .doesNotContain("Domain"));
    }

    @Test
    void prefixWhenHostPrefixWithoutSecureThenRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CookieProperties("__Host-latchkey-", false))
                .withMessageContaining("latchkey.cookies.prefix");
        assertThatIllegalArgumentException().isThrownBy(() -> new CookieProperties("a b", true));
    }

    private static TokenPair pair(int generation, Optional<RefreshToken> refresh) {
        AccessClaims claims = TestClaims.access(
                new Subject("ada"),
                new SessionId("012345678901234567890A"),
                new Generation(generation),
                new TokenId("abcdefghijklmnop"),
                TestClaims.times(ISSUED, ISSUED.plusSeconds(300), ISSUED),
                Roles.NONE);
        return new TokenPair(new AccessToken("a"), claims, refresh, ISSUED.plus(Duration.ofDays(3)));
    }
}
