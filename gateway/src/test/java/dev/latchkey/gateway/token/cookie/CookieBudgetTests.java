package dev.latchkey.gateway.token.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CookieBudgetTests {

    private static final CookieNames NAMES = new CookieNames("__Host-latchkey-");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private final CookieBudget budget = new CookieBudget(TestTokens.ISSUER, NAMES);

    @ParameterizedTest
    @CsvSource({
        "ada, 0, x",
        "ada, 1, customer",
        "ada, 150, a/role",
        "größer, 40, größer",
        "'a\"\\/b', 60, 'a\"\\/b'",
        "吉田, 60, 吉",
        "\ud842\udfb7\u7530, 60, \ud842\udfb7"
    })
    void sizeWhenComparedWithRealCookieThenNoLessAndNotMuchMore(String name, int count, String role) {
        Subject subject = new Subject(name);
        Roles roles = Roles.of(IntStream.range(0, count).mapToObj(i -> role + i).toList());

        assertSize(subject, roles, IdTokenClaims.NONE);
        assertSize(
                subject,
                roles,
                new IdTokenClaims(
                        Optional.of("Ada \"Größe\" Lovelace"),
                        Optional.of("ada@shop.example"),
                        Optional.of(NOW),
                        Optional.of("urn:mace:incommon:iap:silver")));
    }

    private void assertSize(Subject subject, Roles roles, IdTokenClaims provider) {
        int real = cookie(subject, roles, provider).length();
        int size = budget.size(subject, roles, provider);

        assertThat(size).isBetween(real, real + real / 5 + 150);
        assertThat(budget.fits(subject, roles, provider)).isEqualTo(size <= 4096);
    }

    /** The issuer is its own audience, so it stands there twice. */
    @Test
    void sizeWhenIssuerIsLongerThenGrowsByTwiceThat() {
        Issuer longer = new Issuer(TestTokens.ISSUER.value() + "-".repeat(30));

        assertThat(new CookieBudget(longer, NAMES).size(TestTokens.SUBJECT, Roles.NONE, IdTokenClaims.NONE)
                        - budget.size(TestTokens.SUBJECT, Roles.NONE, IdTokenClaims.NONE))
                .isEqualTo(80);
    }

    private static String cookie(Subject subject, Roles roles, IdTokenClaims provider) {
        AccessClaims some = TestTokens.accessClaims(NOW);
        AccessClaims claims = TestClaims.access(
                subject,
                some.session(),
                new Generation(1_000_000),
                some.id(),
                TestClaims.times(some.issuedAt(), some.expiresAt(), some.authTime()),
                roles,
                provider);
        return NAMES.access() + "="
                + TestTokens.accessCodec(InstantSource.fixed(NOW)).sign(claims).value()
                + "; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax";
    }
}
