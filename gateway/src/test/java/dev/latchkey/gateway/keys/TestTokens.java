package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/** Codecs with keys in memory, and claims to sign with them. All codecs of a run share the same keys. */
public final class TestTokens {

    public static final Issuer ISSUER = new Issuer("https://gateway.example");
    public static final Subject SUBJECT = new Subject("ada");
    public static final Roles ROLES = Roles.of(List.of("customer"));

    private static final Duration ACCESS_LIFE = Duration.ofMinutes(5);
    private static final Duration SESSION_LIFE = Duration.ofDays(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    private TestTokens() {}

    public static AccessTokenCodec accessCodec(InstantSource clock) {
        return new AccessTokenCodec(TestKeys.rsaKeys(), ISSUER, clock, verified(new SimpleMeterRegistry()));
    }

    static VerifiedTokens verified(MeterRegistry meters) {
        return new VerifiedTokens(new CacheProperties(DataSize.ofMegabytes(10)), ACCESS_LIFE, meters);
    }

    public static RefreshTokenCodec refreshCodec(InstantSource clock) {
        return new RefreshTokenCodec(TestKeys.rsaKeys(), ISSUER, clock);
    }

    public static SealingKeys sealing(InstantSource clock) {
        return new SealingKeys(TestKeys.rsaKeys(), clock);
    }

    public static IdentityTokenSigner identitySigner(InstantSource clock) {
        return new IdentityTokenSigner(TestKeys.rsaKeys(), ISSUER, clock);
    }

    /** Signs with ES256. */
    public static IdentityTokenSigner quickIdentitySigner(InstantSource clock) {
        return new IdentityTokenSigner(TestKeys.ecKeys(), ISSUER, clock);
    }

    /** Signs with RS256 before an instant, and with another key from then on. */
    public static IdentityTokenSigner identitySigner(InstantSource clock, Instant rollOver) {
        KeySet next = KeySet.make(IdentityAlgorithm.ES256, rollOver, rollOver);
        KeySets keys = KeySets.of(List.of(TestKeys.RSA, next), Optional.empty(), TestKeys.LIVES);
        return new IdentityTokenSigner(() -> keys, ISSUER, clock);
    }

    public static GatewayTokenRecognizer recognizer() {
        return new GatewayTokenRecognizer(TestKeys.rsaKeys(), ISSUER);
    }

    /** Claims of the first generation of a new session that began at this instant. */
    public static AccessClaims accessClaims(Instant now) {
        return accessClaims(SessionId.random(RANDOM), Generation.FIRST, now);
    }

    public static AccessClaims accessClaims(SessionId session, Generation generation, Instant now) {
        Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
        return TestClaims.access(
                SUBJECT,
                session,
                generation,
                TokenId.random(RANDOM),
                TestClaims.times(issued, issued.plus(ACCESS_LIFE), now.truncatedTo(ChronoUnit.MILLIS)),
                ROLES);
    }

    /** The same of a session that only the holder of a key goes on with: a device, a client, or neither. */
    public static AccessClaims bound(AccessClaims claims, boolean toDevice, Optional<KeyThumbprint> key) {
        return new AccessClaims(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                claims.issuedAt(),
                claims.expiresAt(),
                claims.authTime(),
                claims.roles(),
                claims.provider(),
                toDevice,
                key);
    }

    /** The same of a user of an OpenID Provider. */
    public static AccessClaims withProvider(AccessClaims claims, IdTokenClaims provider) {
        return TestClaims.access(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                TestClaims.times(claims.issuedAt(), claims.expiresAt(), claims.authTime()),
                claims.roles(),
                provider);
    }

    public static RefreshClaims refreshClaims(SessionId session, Generation generation, Instant now) {
        Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
        return TestClaims.refresh(
                SUBJECT,
                session,
                generation,
                TokenId.random(RANDOM),
                issued,
                issued.plus(SESSION_LIFE),
                now.truncatedTo(ChronoUnit.MILLIS));
    }

    public static IdentityClaims identityClaims(Audience audience, Instant now) {
        Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
        return TestClaims.identity(
                SUBJECT,
                SessionId.random(RANDOM).publicId(),
                ROLES,
                audience,
                issued,
                issued.plus(ACCESS_LIFE).plusSeconds(60));
    }
}
