package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.keys.Verification.InvalidTokenReason;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenCodecTests {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @Test
    void verifyWhenAccessTokenSignedThenSameClaims() {
        AccessTokenCodec codec = TestTokens.accessCodec(CLOCK);
        AccessClaims claims = TestTokens.accessClaims(NOW);

        assertThat(codec.verify(codec.sign(claims))).isEqualTo(new Verification.Valid<>(claims));
    }

    @Test
    void verifyWhenRefreshTokenSignedThenSameClaims() {
        RefreshTokenCodec codec = TestTokens.refreshCodec(CLOCK);
        RefreshClaims claims = refreshClaims();

        assertThat(codec.verify(codec.sign(claims))).isEqualTo(new Verification.Valid<>(claims));
    }

    @Test
    void verifyWhenTokensAreBoundThenTheirTypeSaysSoAndOlderVersionsRefuseThem() {
        Optional<KeyThumbprint> key = Optional.of(new KeyThumbprint(Sha256.base64Url("key")));
        AccessClaims access = TestTokens.bound(TestTokens.accessClaims(NOW), false, key);
        AccessTokenCodec accessCodec = TestTokens.accessCodec(CLOCK);
        AccessToken token = accessCodec.sign(access);
        for (int i = 0; i < 2; i++) {
            assertThat(accessCodec.verify(token)).isEqualTo(new Verification.Valid<>(access));
        }
        assertThat(part(token.value(), 0)).contains("\"typ\":\"dpop-at+jwt\"");
        assertThat(part(token.value(), 1))
                .contains("\"cnf\":{\"jkt\":\"" + key.get().value() + "\"}");
        RefreshClaims plain = refreshClaims();
        RefreshClaims refresh = new RefreshClaims(
                plain.subject(),
                plain.session(),
                plain.generation(),
                plain.branch(),
                plain.issuedAt(),
                plain.expiresAt(),
                plain.authTime(),
                key);
        RefreshTokenCodec refreshCodec = TestTokens.refreshCodec(CLOCK);
        assertThat(refreshCodec.verify(refreshCodec.sign(refresh))).isEqualTo(new Verification.Valid<>(refresh));
        assertThat(part(refreshCodec.sign(refresh).value(), 0)).contains("\"typ\":\"dpop-rt+jwt\"");
        assertThat(TestTokens.recognizer().isOurs(token.value())).isTrue();
    }

    @Test
    void verifyWhenTypeAndConfirmationDifferThenInvalid() {
        AccessTokenCodec codec = TestTokens.accessCodec(CLOCK);
        AccessClaims claims = TestTokens.accessClaims(NOW);
        String plain = codec.sign(claims).value();
        String bound = codec.sign(
                        TestTokens.bound(claims, false, Optional.of(new KeyThumbprint(Sha256.base64Url("key")))))
                .value();
        Verification.Invalid<AccessClaims> invalid = new Verification.Invalid<>(InvalidTokenReason.CLAIMS);
        assertThat(codec.verify(signed(header(plain), payload(bound)))).isEqualTo(invalid);
        assertThat(codec.verify(signed(header(bound), payload(plain)))).isEqualTo(invalid);
        assertThat(codec.verify(signed(header(bound), payload(bound)))).isInstanceOf(Verification.Valid.class);
    }

    private static String header(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    private static String payload(String token) {
        return token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    }

    private static AccessToken signed(String header, String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(TestKeys.RSA.access().key());
            String signed = header + "." + payload;
            return new AccessToken(
                    signed + "." + Base64Url.encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII))));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void signWhenAccessTokenThenHeaderNamesTypeKeyAndAlgorithm() {
        String token =
                TestTokens.accessCodec(CLOCK).sign(TestTokens.accessClaims(NOW)).value();

        assertThat(part(token, 0))
                .isEqualTo(
                        "{\"typ\":\"at+jwt\",\"kid\":\"" + TestKeys.RSA.access().id() + "\",\"alg\":\"HS256\"}");
    }

    @Test
    void signWhenRefreshTokenThenHeaderNamesTypeKeyAndAlgorithm() {
        String token = TestTokens.refreshCodec(CLOCK).sign(refreshClaims()).value();

        assertThat(part(token, 0))
                .isEqualTo("{\"typ\":\"rt+jwt\",\"kid\":\""
                        + TestKeys.RSA.refresh().id() + "\",\"alg\":\"HS256\"}");
    }

    /** JJWT reads what the codec signs, and the other way round: nodes of older versions do both with it. */
    @Test
    void signAndVerifyWhenALibraryIsAtTheOtherEndThenTheSameClaims() {
        AccessTokenCodec codec = TestTokens.accessCodec(CLOCK);
        AccessClaims claims = TestTokens.withProvider(
                TestTokens.accessClaims(NOW),
                new IdTokenClaims(
                        Optional.of("Ada \"Größe\" \u0001\\"), Optional.empty(), Optional.empty(), Optional.empty()));
        SecretKey key = TestKeys.RSA.access().key();

        Jws<Claims> read = Jwts.parser()
                .clock(() -> Date.from(NOW))
                .verifyWith(key)
                .build()
                .parseSignedClaims(codec.sign(claims).value());
        String written = Jwts.builder()
                .header()
                .add(read.getHeader())
                .and()
                .claims(read.getPayload())
                .signWith(key, Jwts.SIG.HS256)
                .compact();

        assertThat(read.getPayload().getAudience()).containsExactly(TestTokens.ISSUER.value());
        assertThat(read.getPayload().getExpiration()).isEqualTo(Date.from(claims.expiresAt()));
        assertThat(read.getPayload().get(TokenClaims.NAME))
                .isEqualTo(claims.provider().name().orElseThrow());
        assertThat(codec.verify(new AccessToken(written))).isEqualTo(new Verification.Valid<>(claims));
    }

    @Test
    void signWhenSessionBeganWithinSecondThenAuthTimeHasThreeDecimals() {
        String token =
                TestTokens.accessCodec(CLOCK).sign(TestTokens.accessClaims(NOW)).value();

        assertThat(part(token, 1)).contains("\"auth_time\":" + NOW.getEpochSecond() + ".123");
    }

    @Test
    void verifyWhenAnyMillisecondThenAuthTimeIsExact() {
        RefreshTokenCodec codec = TestTokens.refreshCodec(CLOCK);
        Random seeded = new Random(20260301);
        for (int i = 0; i < 2000; i++) {
            Instant began = Instant.ofEpochMilli(seeded.nextLong(4_000_000_000_000L));
            RefreshClaims claims =
                    TestTokens.refreshClaims(SessionId.random(new SecureRandom()), Generation.FIRST, NOW);
            RefreshClaims old = TestClaims.refresh(
                    claims.subject(),
                    claims.session(),
                    claims.generation(),
                    claims.branch(),
                    claims.issuedAt(),
                    claims.expiresAt(),
                    began);
            assertThat(codec.verify(codec.sign(old))).isEqualTo(new Verification.Valid<>(old));
        }
    }

    @ParameterizedTest
    @CsvSource({"-1,valid", "0,expired", "1,expired", "86400000,expired"})
    void verifyWhenClockMovesThenExpiredFromTheInstantOfExp(long millisAfterExp, String outcome) {
        AccessClaims claims = TestTokens.accessClaims(NOW);
        AccessToken token = TestTokens.accessCodec(CLOCK).sign(claims);
        InstantSource later = InstantSource.fixed(claims.expiresAt().plusMillis(millisAfterExp));

        Verification<AccessClaims> verified = TestTokens.accessCodec(later).verify(token);

        assertThat(verified)
                .isEqualTo(
                        outcome.equals("valid")
                                ? new Verification.Valid<>(claims)
                                : new Verification.Expired<>(claims));
    }

    @Test
    void verifyWhenRefreshTokenExpiredThenClaimsAreStillRead() {
        RefreshClaims claims = refreshClaims();
        RefreshToken token = TestTokens.refreshCodec(CLOCK).sign(claims);
        InstantSource later = InstantSource.fixed(claims.expiresAt().plus(Duration.ofDays(1)));

        assertThat(TestTokens.refreshCodec(later).verify(token)).isEqualTo(new Verification.Expired<>(claims));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40})
    void verifyWhenAnyCharacterChangesThenNothingIsBelieved(int step) {
        AccessTokenCodec codec = TestTokens.accessCodec(CLOCK);
        String token = codec.sign(TestTokens.accessClaims(NOW)).value();
        for (int at = token.length() - 1; at >= 0; at -= step) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, at) + other + token.substring(at + 1);
            assertThat(codec.verify(new AccessToken(changed))).isInstanceOf(Verification.Invalid.class);
        }
    }

    @Test
    void verifyWhenRandomTextThenMalformedAndNoException() {
        RefreshTokenCodec codec = TestTokens.refreshCodec(CLOCK);
        Random seeded = new Random(7);
        for (int i = 0; i < 3000; i++) {
            String text = seeded.ints(seeded.nextInt(60), 32, 127)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(codec.verify(new RefreshToken(text)))
                    .isEqualTo(new Verification.Invalid<>(InvalidTokenReason.MALFORMED));
        }
    }

    @Test
    void signWhenFewRolesThenTokenIsFarBelowCookieLimit() {
        String token = TestTokens.accessCodec(CLOCK)
                .sign(TestTokens.accessClaims(NOW.truncatedTo(ChronoUnit.SECONDS)))
                .value();

        assertThat(token.length()).isLessThan(600);
    }

    private static RefreshClaims refreshClaims() {
        return TestTokens.refreshClaims(SessionId.random(new SecureRandom()), new Generation(7), NOW);
    }

    private static String part(String token, int index) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]), StandardCharsets.UTF_8);
    }
}
