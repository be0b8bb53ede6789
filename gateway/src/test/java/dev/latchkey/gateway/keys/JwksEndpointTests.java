package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECFieldFp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;

final class JwksEndpointTests {

    /** The other library looks at the time of the machine. */
    private final Instant now = Instant.now();

    private final InstantSource clock = InstantSource.fixed(now);

    @ParameterizedTest
    @EnumSource(IdentityAlgorithm.class)
    void getWhenAnotherLibraryReadsThenItVerifiesIdentityToken(IdentityAlgorithm algorithm) throws Exception {
        Supplier<KeySets> keys = keys(algorithm);
        IdentityClaims claims = TestTokens.identityClaims(new Audience("orders"), now);
        String token = new IdentityTokenSigner(keys, TestTokens.ISSUER, clock)
                .sign(claims)
                .value();

        JWTClaimsSet read = nimbus(algorithm, body(keys)).process(token, null);

        assertThat(read.getSubject()).isEqualTo("ada");
        assertThat(read.getStringClaim("sid")).isEqualTo(claims.session().value());
        assertThat(read.getStringListClaim("roles")).containsExactly("customer");
        assertThat(read.getIssueTime()).isEqualTo(claims.issuedAt());
        assertThat(read.getExpirationTime()).isEqualTo(claims.expiresAt());
    }

    @ParameterizedTest
    @EnumSource(IdentityAlgorithm.class)
    void getWhenReadThenOnlyPublicMembers(IdentityAlgorithm algorithm) throws Exception {
        String body = body(keys(algorithm));

        JWK key = JWKSet.parse(body).getKeys().get(0);

        assertThat(key.isPrivate()).isFalse();
        assertThat(key.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
        assertThat(key.getAlgorithm()).isEqualTo(JWSAlgorithm.parse(algorithm.name()));
        Set<String> members = Set.of("kty", "use", "alg", "kid", "n", "e", "crv", "x", "y");
        assertThat(members).containsAll(key.toJSONObject().keySet());
        for (String secret : List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k")) {
            assertThat(body).doesNotContain("\"" + secret + "\":");
        }
    }

    @Test
    void getWhenEs256ThenPointIsOnCurveAndBelongsToPrivateKey() throws Exception {
        ECKey key = (ECKey) JWKSet.parse(body(TestKeys.ecKeys())).getKeys().get(0);

        assertThat(key.getCurve().getName()).isEqualTo("P-256");
        assertThat(key.getX().decode()).hasSize(32);
        assertThat(key.getY().decode()).hasSize(32);
        ECPrivateKey priv = (ECPrivateKey) TestKeys.EC.identity().key().signing();
        BigInteger p = ((ECFieldFp) priv.getParams().getCurve().getField()).getP();
        BigInteger x = key.getX().decodeToBigInteger();
        BigInteger right = x.pow(3)
                .add(priv.getParams().getCurve().getA().multiply(x))
                .add(priv.getParams().getCurve().getB())
                .mod(p);
        assertThat(key.getY().decodeToBigInteger().pow(2).mod(p)).isEqualTo(right);
    }

    @Test
    void getWhenAnsweredThenCacheableForLessThanKeysWait() {
        client(TestKeys.rsaKeys())
                .get()
                .uri(EndpointPaths.JWKS)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentType("application/json")
                .expectHeader()
                .valueEquals("Cache-Control", "max-age=300, public")
                .expectHeader()
                .exists("ETag");
    }

    @Test
    void getWhenEtagIsKnownThenNotModified() {
        WebTestClient client = client(TestKeys.rsaKeys());
        String etag = Objects.requireNonNull(client.get()
                .uri(EndpointPaths.JWKS)
                .exchange()
                .returnResult(String.class)
                .getResponseHeaders()
                .getETag());

        client.get()
                .uri(EndpointPaths.JWKS)
                .header("If-None-Match", etag)
                .exchange()
                .expectStatus()
                .isNotModified()
                .expectHeader()
                .valueEquals("ETag", etag)
                .expectHeader()
                .valueEquals("Cache-Control", "max-age=300, public");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void otherMethodWhenSentThenStaysHere(String method) {
        client(TestKeys.rsaKeys())
                .method(HttpMethod.valueOf(method))
                .uri(EndpointPaths.JWKS)
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .valueEquals("Allow", "GET,HEAD");
    }

    @Test
    void headWhenSentThenSameHeaders() {
        client(TestKeys.rsaKeys())
                .head()
                .uri(EndpointPaths.JWKS)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .exists("ETag");
    }

    @Test
    void metadataWhenATokenSaysAllThatOneCanThenNamesEachOfItsClaims() throws Exception {
        IdentityClaims known = TestTokens.identityClaims(new Audience("orders"), now);
        IdentityClaims whole = new IdentityClaims(
                known.subject(),
                known.session(),
                known.roles(),
                Optional.of("Ada"),
                Optional.of("ada@shop.example"),
                known.audience(),
                Optional.of(new KeyThumbprint("A".repeat(43))),
                known.issuedAt(),
                known.expiresAt());
        String token = new IdentityTokenSigner(TestKeys.ecKeys(), TestTokens.ISSUER, clock)
                .sign(whole)
                .value();

        String metadata = body(TestKeys.ecKeys(), "/.well-known/openid-configuration");

        assertThat(JSONObjectUtils.getStringArray(JSONObjectUtils.parse(metadata), "claims_supported"))
                .containsExactlyInAnyOrderElementsOf(
                        SignedJWT.parse(token).getJWTClaimsSet().getClaims().keySet());
    }

    private static DefaultJWTProcessor<SecurityContext> nimbus(IdentityAlgorithm algorithm, String jwks)
            throws Exception {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.parse(algorithm.name()), new ImmutableJWKSet<>(JWKSet.parse(jwks))));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                "orders",
                new JWTClaimsSet.Builder().issuer(TestTokens.ISSUER.value()).build(),
                Set.of("sub", "sid", "roles", "iat", "exp")));
        return processor;
    }

    private static Supplier<KeySets> keys(IdentityAlgorithm algorithm) {
        return algorithm == IdentityAlgorithm.RS256 ? TestKeys.rsaKeys() : TestKeys.ecKeys();
    }

    private String body(Supplier<KeySets> keys) {
        return body(keys, EndpointPaths.JWKS);
    }

    private String body(Supplier<KeySets> keys, String path) {
        return Objects.requireNonNull(client(keys)
                .get()
                .uri(path)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }

    private WebTestClient client(Supplier<KeySets> keys) {
        return WebTestClient.bindToRouterFunction(
                        new JwksEndpoint(keys, new Issuer("https://shop.example"), clock).route())
                .build();
    }
}
