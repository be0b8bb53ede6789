package dev.latchkey.gateway.provider;

import static dev.latchkey.gateway.provider.ProviderFixture.NONCE;
import static dev.latchkey.gateway.provider.ProviderFixture.block;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.provider.Judgement.Forged;
import dev.latchkey.gateway.provider.Judgement.Good;
import dev.latchkey.gateway.testing.StrictProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that were not signed for what they are used for, or by whom they say (RFC 8725). None is believed. */
final class ForgedProviderTokensTests {

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    private StrictProvider server;
    private Provider provider;

    @BeforeEach
    void start() {
        server = fixture.server();
        provider = fixture.ready(Map.of());
        fixture.pass(Duration.ofSeconds(30));
    }

    /** The public key is known to all, so it must never be the secret of a MAC. */
    @Test
    void tokenWhenThePublicKeyIsUsedAsASecretThenIsForged() throws JOSEException, ParseException {
        RSAKey key = JWKSet.parse(keys()).getKeys().get(0).toRSAKey();
        for (byte[] secret :
                List.of(key.toRSAPublicKey().getEncoded(), key.toJSONString().getBytes(StandardCharsets.UTF_8))) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .keyID(server.keyId())
                    .build();
            SignedJWT idToken = new SignedJWT(header, JWTClaimsSet.parse(server.idTokenClaims(NONCE)));
            idToken.sign(new MACSigner(secret));
            SignedJWT logout = new SignedJWT(header, JWTClaimsSet.parse(server.logoutClaims()));
            logout.sign(new MACSigner(secret));
            assertForged(idToken.serialize());
            assertThat(logout(logout.serialize())).isInstanceOf(LogoutTokens.Bad.class);
        }
    }

    private String keys() {
        return block(fixture.keys().find(provider, null)).set().orElseThrow().toString();
    }

    /** Keys that a token brings along, or the addresses of such, prove nothing. */
    @Test
    void tokenWhenItBringsItsKeyThenIsForgedAndNothingIsFetched() throws JOSEException, ParseException {
        RSAKey own = new RSAKeyGenerator(2048).keyID(server.keyId()).generate();
        URI elsewhere = URI.create(server.issuer() + "/attackers-keys");
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(server.keyId())
                .jwk(own.toPublicJWK())
                .jwkURL(elsewhere)
                .x509CertURL(elsewhere)
                .build();
        SignedJWT token = new SignedJWT(header, JWTClaimsSet.parse(server.idTokenClaims(NONCE)));
        token.sign(new RSASSASigner(own));
        assertForged(token.serialize());
        assertThat(server.received("/attackers-keys")).isEmpty();
    }

    /** What must be understood and is not makes a token invalid (RFC 7515 section 4.1.11). */
    @Test
    void tokenWhenSomethingCriticalIsUnknownThenIsForged() {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(server.keyId())
                .customParam("must", "matter")
                .criticalParams(Set.of("must"))
                .build();
        assertForged(server.sign(header, server.idTokenClaims(NONCE)));
    }

    @Test
    void tokenWhenItIsAnAccessTokenThenSignsNobodyIn() {
        Map<String, Object> claims = server.idTokenClaims(NONCE);
        assertForged(server.sign(claims, "at+jwt"));
        assertForged(server.sign(claims, "application/at+jwt"));
        assertForged(fixture.tokens(provider).access().orElseThrow());
        claims.put("aud", "account");
        claims.put("azp", StrictProvider.CLIENT);
        assertForged(server.sign(claims, "JWT"));
    }

    @Test
    void tokenWhenItIsALogoutTokenThenSignsNobodyIn() {
        assertForged(server.logoutToken());
        Map<String, Object> claims = server.logoutClaims();
        claims.put("nonce", NONCE);
        assertForged(server.sign(claims, "JWT"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "claims", "unsigned claims"})
    void tokenWhenItIsDeepThenIsForgedAndNothingBreaks(String where) {
        String deep = "{\"a\":" + "[".repeat(15_000) + "]".repeat(15_000) + "}";
        String good = server.sign(server.idTokenClaims(NONCE), "JWT");
        String[] parts = good.split("\\.", -1);
        String header = where.equals("header") ? Base64URL.encode(deep).toString() : parts[0];
        String claims =
                where.equals("header") ? parts[1] : Base64URL.encode(deep).toString();
        assertForged(header + "." + claims + "." + parts[2]);
        assertThat(logout(header + "." + claims + "." + parts[2])).isInstanceOf(LogoutTokens.Bad.class);
    }

    @Test
    void tokenWhenItIsHugeThenIsForgedAndNothingBreaks() {
        Map<String, Object> claims = server.idTokenClaims("n");
        claims.put("filler", "x".repeat(200_000));
        assertForged(server.sign(claims, "JWT"));
        assertForged("a".repeat(500_000) + "." + "b".repeat(500_000) + "." + "c".repeat(500_000));
        assertForged(".".repeat(100_000));
    }

    @Test
    void tokenWhenGoodThenIsStillTaken() {
        assertThat(judge(server.sign(server.idTokenClaims(NONCE), "JWT"))).isInstanceOf(Good.class);
    }

    private void assertForged(String token) {
        fixture.pass(Duration.ofSeconds(30));
        assertThat(judge(token)).isInstanceOf(Forged.class);
    }

    private Judgement judge(String token) {
        UpstreamTokens none = new UpstreamTokens(
                ClientType.CONFIDENTIAL, Optional.empty(), Optional.empty(), Optional.empty(), "", Optional.empty());
        return block(
                fixture.idTokens().judge(provider, token, Expected.ofAttempt(ClientType.CONFIDENTIAL, NONCE), none));
    }

    private LogoutTokens.Verdict logout(String token) {
        fixture.pass(Duration.ofSeconds(30));
        return block(fixture.logoutTokens().judge(provider, token));
    }
}
