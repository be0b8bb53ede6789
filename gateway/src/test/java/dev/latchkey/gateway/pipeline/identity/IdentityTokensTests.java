package dev.latchkey.gateway.pipeline.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.IdentityProperties;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenProperties;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class IdentityTokensTests {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00.700Z");
    private static final Audience ORDERS = new Audience("orders");
    private static final Audience PROFILE = new Audience("profile");
    private static final TokenProperties TOKENS = new TokenProperties(Duration.ofMinutes(5));
    private static final SessionId SESSION = SessionId.random(new SecureRandom());

    private final TestClock clock = new TestClock(START);
    private final SessionProperties sessions = new SessionProperties(Duration.ofDays(7), Duration.ofDays(30));
    private final IdentityTokens tokens = tokens(TestTokens.quickIdentitySigner(clock), Duration.ofMinutes(20));

    private IdentityTokens tokens(IdentityTokenSigner signer, @Nullable Duration ttl) {
        IdentityLifetime lifetime = new IdentityLifetime(new IdentityProperties(ttl), TOKENS, sessions);
        CacheProperties caches = new CacheProperties(DataSize.ofMegabytes(10));
        return new IdentityTokens(signer, lifetime, caches, clock, new SimpleMeterRegistry());
    }

    @Test
    void findWhenTheSessionWasRotatedThenTheSameToken() {
        IdentityToken token = tokens.sign(caller(1), ORDERS);
        clock.advance(Duration.ofMinutes(5));
        assertThat(tokens.find(caller(2), ORDERS)).contains(token);
        clock.advance(Duration.ofMinutes(5));
        assertThat(tokens.find(caller(3), ORDERS)).contains(token);
    }

    /** The token ends at 12:20:00, whole seconds. */
    @Test
    void findWhenLessThanHalfAMinuteIsLeftThenNone() {
        IdentityToken token = tokens.sign(caller(1), ORDERS);
        clock.moveTo(Instant.parse("2026-03-01T12:19:30Z"));
        assertThat(tokens.find(caller(5), ORDERS)).contains(token);
        clock.moveTo(Instant.parse("2026-03-01T12:19:30.001Z"));
        assertThat(tokens.find(caller(5), ORDERS)).isEmpty();
    }

    @Test
    void signWhenNoTtlIsSetThenAMinuteMoreThanAnAccessToken() {
        JsonNode claims =
                claims(tokens(TestTokens.quickIdentitySigner(clock), null).sign(caller(1), ORDERS));

        assertThat(claims.path("iat").asLong()).isEqualTo(START.getEpochSecond());
        assertThat(claims.path("exp").asLong()).isEqualTo(START.getEpochSecond() + 360);
    }

    @Test
    void findWhenRolesAudienceOrSignInDifferThenNone() {
        AccessClaims caller = caller(1);
        IdentityToken orders = tokens.sign(caller, ORDERS);
        IdentityToken profile = tokens.sign(caller, PROFILE);

        assertThat(tokens.find(caller, ORDERS)).contains(orders);
        assertThat(tokens.find(caller, PROFILE)).contains(profile);
        assertThat(tokens.find(caller, new Audience("others"))).isEmpty();
        assertThat(tokens.find(withRoles(caller, Roles.of(List.of("customer", "clerk"))), ORDERS))
                .isEmpty();
        assertThat(tokens.find(withRoles(caller, Roles.NONE), ORDERS)).isEmpty();
        assertThat(tokens.find(since(caller, caller.authTime().plusMillis(1)), ORDERS))
                .isEmpty();
        assertThat(tokens.find(TestTokens.accessClaims(START), ORDERS)).isEmpty();
    }

    @Test
    void signWhenAProviderSaidNameAndEmailThenTheBackendReadsThemAndAnotherNameIsAnotherToken() {
        AccessClaims caller = TestTokens.withProvider(caller(1), named("Ada Lovelace"));
        IdentityToken token = tokens.sign(caller, ORDERS);

        assertThat(claims(token).path("name").asString()).isEqualTo("Ada Lovelace");
        assertThat(claims(token).path("email").asString()).isEqualTo("ada@shop.example");
        assertThat(claims(token).has("acr")).isFalse();
        assertThat(tokens.find(caller, ORDERS)).contains(token);
        assertThat(tokens.find(TestTokens.withProvider(caller, named("Ada King")), ORDERS))
                .isEmpty();
        assertThat(claims(tokens.sign(caller(1), ORDERS)).has("name")).isFalse();
    }

    @Test
    void findWhenTheCallerProvesAnotherKeyThenNone() {
        AccessClaims caller = caller(1);
        IdentityToken unbound = tokens.sign(caller, ORDERS);
        assertThat(tokens.find(caller, ORDERS)).contains(unbound);
        AccessClaims bound = TestTokens.bound(caller, false, Optional.of(new KeyThumbprint("A".repeat(43))));
        assertThat(tokens.find(bound, ORDERS)).isEmpty();

        IdentityToken token = tokens.sign(bound, ORDERS);

        assertThat(tokens.find(bound, ORDERS)).contains(token);
        AccessClaims other = TestTokens.bound(caller, false, Optional.of(new KeyThumbprint("A".repeat(42) + "E")));
        assertThat(tokens.find(other, ORDERS)).isEmpty();
        assertThat(tokens.find(caller, ORDERS)).isEmpty();
    }

    /** RFC 9449 section 7.1: who knows DPoP refuses a token with {@code cnf} that comes as {@code Bearer}. */
    @Test
    void signWhenTheCallerProvesAKeyThenTheBackendReadsItAndTheTokenIsNotBoundToIt() {
        AccessClaims bound = TestTokens.bound(caller(1), false, Optional.of(new KeyThumbprint("A".repeat(43))));

        JsonNode claims = claims(tokens.sign(bound, ORDERS));

        assertThat(claims.path("dpop_jkt").asString()).isEqualTo("A".repeat(43));
        assertThat(claims.has("cnf")).isFalse();
        assertThat(claims(tokens.sign(caller(1), ORDERS)).has("dpop_jkt")).isFalse();
    }

    private static IdTokenClaims named(String name) {
        return new IdTokenClaims(
                Optional.of(name), Optional.of("ada@shop.example"), Optional.empty(), Optional.of("gold"));
    }

    @Test
    void findWhenAnotherKeySignsThenNone() {
        Instant rollOver = START.plusSeconds(60);
        IdentityTokens signed = tokens(TestTokens.identitySigner(clock, rollOver), Duration.ofMinutes(20));
        IdentityToken token = signed.sign(caller(1), ORDERS);
        clock.moveTo(rollOver.minusMillis(1));
        assertThat(signed.find(caller(1), ORDERS)).contains(token);
        clock.moveTo(rollOver);
        assertThat(signed.find(caller(1), ORDERS)).isEmpty();
    }

    @Test
    void signWhenTheSessionEndsSoonerThenItsEnd() {
        AccessClaims caller = caller(1);
        Instant end = caller.authTime().plus(Duration.ofDays(30));
        clock.moveTo(end.minusSeconds(100));
        AccessClaims last = since(issued(caller, clock.instant(), end), caller.authTime());

        assertThat(claims(tokens.sign(last, ORDERS)).path("exp").asLong()).isEqualTo(end.getEpochSecond());
    }

    /** Or backends would get tokens that have expired before they are signed, for as long as the session goes on. */
    @Test
    void signWhenTheSessionBeganUnderALongerTimeoutThenItsTokenSaysHowLongItLives() {
        AccessClaims caller = since(caller(1), START.minus(Duration.ofDays(40)));

        assertThat(claims(tokens.sign(caller, ORDERS)).path("exp").asLong())
                .isEqualTo(caller.expiresAt().getEpochSecond());
    }

    @Test
    void signWhenTheSessionIsIdleThenItsEnd() {
        AccessClaims caller = caller(1);
        clock.advance(Duration.ofDays(7).minusSeconds(100));
        Instant end = caller.issuedAt().plus(Duration.ofDays(7));

        assertThat(claims(tokens.sign(caller, ORDERS)).path("exp").asLong()).isEqualTo(end.getEpochSecond());
    }

    /** A record in Redis may end earlier than this node's configuration says. */
    @Test
    void signWhenTheAccessTokenIsCutThenItsEnd() {
        AccessClaims caller = issued(caller(1), START, START.plusSeconds(200));

        assertThat(claims(tokens.sign(caller, ORDERS)).path("exp").asLong())
                .isEqualTo(caller.expiresAt().getEpochSecond());
    }

    /** Or each request of its last half minute would have one signed. */
    @Test
    void findWhenTheSessionIsAboutToEndThenTheSameTokenUntilThen() {
        AccessClaims caller = issued(caller(1), START, START.plusSeconds(20));
        IdentityToken token = tokens.sign(caller, ORDERS);
        clock.advanceSeconds(15);

        assertThat(tokens.find(caller, ORDERS)).contains(token);
    }

    @Test
    void findWhenTheSessionIsRevokedThenNone() {
        tokens.sign(caller(1), ORDERS);
        tokens.sign(caller(1), PROFILE);
        tokens.sessionRevoked(SESSION);

        assertThat(tokens.find(caller(1), ORDERS)).isEmpty();
        assertThat(tokens.find(caller(1), PROFILE)).isEmpty();
    }

    @Test
    void findWhenTheUserIsRevokedThenOnlyOfLaterSessions() {
        AccessClaims before = caller(1);
        AccessClaims after = TestTokens.accessClaims(START.plusSeconds(10));
        tokens.sign(before, ORDERS);
        IdentityToken later = tokens.sign(after, ORDERS);
        tokens.userRevoked(TestTokens.SUBJECT, START.plusSeconds(5));

        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> tokens.find(before, ORDERS).isEmpty());
        assertThat(tokens.find(after, ORDERS)).contains(later);
        tokens.rolesChanged(TestTokens.SUBJECT, Roles.NONE);
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> tokens.sessions() == 0);
    }

    @Test
    void findWhenAnotherUserIsRevokedThenStillThere() {
        IdentityToken token = tokens.sign(caller(1), ORDERS);
        AccessClaims other = withSubject(TestTokens.accessClaims(START), new Subject("eve"));
        tokens.sign(other, ORDERS);
        tokens.userRevoked(other.subject(), Instant.MAX);

        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> tokens.sessions() == 1);
        assertThat(tokens.find(caller(1), ORDERS)).contains(token);
    }

    /** With nothing but sessions to remember, memory is the bound. */
    @Test
    void signWhenASessionHasManyAudiencesThenTheNewestAreKept() {
        for (int i = 0; i < 100; i++) {
            tokens.sign(caller(1), new Audience("backend" + i));
        }
        assertThat(IntStream.range(0, 100)
                        .filter(i -> tokens.find(caller(1), new Audience("backend" + i))
                                .isPresent()))
                .containsExactlyElementsOf(IntStream.range(68, 100).boxed().toList());
    }

    /** Each is kept beside a token that says them, too. */
    @Test
    void signWhenEachUserHasManyRolesOfTheirOwnThenTheyCount() {
        int length = 0;
        for (int i = 0; i < 3000; i++) {
            String user = "role-of-user-%04d-nr-".formatted(i);
            Roles own =
                    Roles.of(IntStream.range(100, 150).mapToObj(nr -> user + nr).toList());
            AccessClaims caller = withRoles(TestTokens.accessClaims(START), own);
            length = tokens.sign(caller, ORDERS).credentials().length() + 50 * (user.length() + 3);
        }
        long most = new CacheProperties(DataSize.ofMegabytes(10)).identityTokens();
        int bytes = length;
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> tokens.sessions() * bytes < most);
    }

    private AccessClaims caller(int generation) {
        return since(TestTokens.accessClaims(SESSION, new Generation(generation), clock.instant()), START);
    }

    private static AccessClaims since(AccessClaims claims, Instant authTime) {
        return TestClaims.access(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                TestClaims.times(claims.issuedAt(), claims.expiresAt(), authTime),
                claims.roles());
    }

    private static AccessClaims issued(AccessClaims claims, Instant at, Instant until) {
        return TestClaims.access(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                TestClaims.times(at, until, claims.authTime()),
                claims.roles());
    }

    private static AccessClaims withRoles(AccessClaims claims, Roles roles) {
        return TestClaims.access(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                TestClaims.times(claims.issuedAt(), claims.expiresAt(), claims.authTime()),
                roles);
    }

    private static AccessClaims withSubject(AccessClaims claims, Subject subject) {
        return TestClaims.access(
                subject,
                claims.session(),
                claims.generation(),
                claims.id(),
                TestClaims.times(claims.issuedAt(), claims.expiresAt(), claims.authTime()),
                claims.roles());
    }

    private static JsonNode claims(IdentityToken token) {
        byte[] payload =
                Base64.getUrlDecoder().decode(token.value().split("\\.", -1)[1].getBytes(StandardCharsets.US_ASCII));
        return JsonMapper.shared().readTree(payload);
    }
}
