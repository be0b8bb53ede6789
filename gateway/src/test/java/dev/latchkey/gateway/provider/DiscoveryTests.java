package dev.latchkey.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.latchkey.gateway.testing.ProviderTrouble;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider is known by what it says of itself, and believed only as far as it can be checked. */
final class DiscoveryTests {

    private static final String METADATA = "/.well-known/openid-configuration";

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    @Test
    void providerWhenAwayAtTheStartThenIsReadyLater() {
        fixture.server().always(METADATA, ProviderTrouble.answers(502, Map.of(), "bad gateway"));
        Provider provider = fixture.unknown(Map.of());
        Discovery discovery = fixture.discovery(provider);
        discovery.start();
        await().atMost(ProviderFixture.LIMIT)
                .until(() -> provider.trouble().orElse("").contains("502"));
        assertThat(provider.isReady()).isFalse();

        fixture.server().heal();
        await().atMost(ProviderFixture.LIMIT).until(provider::isReady);
        assertThat(provider.trouble()).isEmpty();
        assertThat(provider.sendsIssuer()).isTrue();
        assertThat(provider.endSessionEndpoint()).isPresent();
        discovery.stop();
    }

    @Test
    void endSessionWhenOfCognitoThenIsNotUsedBecauseItIsNotTheStandards() {
        assertThat(fixture.ready(Map.of("preset", "cognito")).endSessionEndpoint())
                .isEmpty();
    }

    @Test
    void providerWhenItsMetadataDoesNotEndThenIsNotReady() {
        fixture.server().always(METADATA, ProviderTrouble.endless());
        Provider provider = fixture.unknown(Map.of());
        Discovery discovery = fixture.discovery(provider);
        discovery.start();
        await().atMost(ProviderFixture.LIMIT)
                .until(() -> provider.trouble().orElse("").contains("Oversize"));
        assertThat(provider.isReady()).isFalse();
        discovery.stop();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            issuer                                | http://127.0.0.1:1            | another issuer
            issuer                                | with-slash                    | another issuer
            code_challenge_methods_supported      | plain                         | S256
            code_challenge_methods_supported      | nothing                       | S256
            token_endpoint                        | http://169.254.169.254/token  | allowed-hosts
            token_endpoint                        | https://127.0.0.1/token       | allowed-hosts
            jwks_uri                              | http://127.0.0.1:1/jwks       | allowed-hosts
            revocation_endpoint                   | http://user@127.0.0.1/revoke  | allowed-hosts
            pushed_authorization_request_endpoint | http://localhost:6379/par     | allowed-hosts
            authorization_endpoint                | http://phishing.example/      | allowed-hosts
            end_session_endpoint                  | http://phishing.example/      | allowed-hosts
            token_endpoint                        | nothing                       | token_endpoint
            token_endpoint_auth_methods_supported | tls_client_auth               | auth_methods
            jwks_uri                              | nothing                       | Discovery
            """)
    void metadataWhenItCannotBeTrustedThenSaysWhy(String member, String value, String word) {
        Object changed = value;
        if (member.endsWith("_supported")) {
            changed = value.equals("nothing") ? "" : List.of(value);
        } else if (value.equals("nothing")) {
            changed = "";
        } else if (value.equals("with-slash")) {
            changed = fixture.server().issuer() + "/";
        }
        fixture.server().metadata(member, changed);
        Provider provider = fixture.unknown(Map.of());
        Discovery discovery = fixture.discovery(provider);
        discovery.start();
        await().atMost(ProviderFixture.LIMIT)
                .until(() -> provider.trouble().orElse("").contains(word));
        assertThat(provider.isReady()).isFalse();
        discovery.stop();
    }

    /** The server's own origin, written so that others read it otherwise. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433:PORT/jwks",
                "http://0x7f000001:PORT/jwks",
                "http://127.1:PORT/jwks",
                "http://0177.0.0.1:PORT/jwks",
                "http://[::1]:PORT/jwks",
                "http://[::ffff:127.0.0.1]:PORT/jwks",
                "http://localhost:PORT/jwks",
                "http://127.0.0.1.:PORT/jwks",
                "http://127.0.0.1:PORT@evil.example/jwks",
                "http://evil.example:80@127.0.0.1:PORT/jwks",
                "http://127.0.0.1:PORT%2F@evil.example/jwks",
                "http://127.0.0.1:PORT\\@evil.example/jwks",
                "http://127.0.0.1/jwks",
                "https://127.0.0.1:PORT/jwks",
                "//127.0.0.1:PORT/jwks",
                "/jwks",
                "file:///etc/passwd",
                "jar:http://127.0.0.1:PORT/x!/jwks",
                "http:///jwks",
                "http://"
            })
    void addressWhenItIsNotTheIssuersToTheLetterThenIsNotCalled(String address) {
        String port = String.valueOf(fixture.server().issuer().getPort());
        fixture.server().metadata("jwks_uri", address.replace("PORT", port));
        Provider provider = fixture.unknown(Map.of());
        Discovery discovery = fixture.discovery(provider);
        discovery.start();
        await().atMost(ProviderFixture.LIMIT)
                .until(() -> provider.trouble().orElse("").startsWith("its metadata "));
        discovery.stop();
        assertThat(provider.isReady()).isFalse();
        assertThat(fixture.server().received("/jwks")).isEmpty();
    }

    @Test
    void metadataWhenItRedirectsThenIsNotFollowed() {
        fixture.server()
                .always(
                        METADATA,
                        ProviderTrouble.answers(
                                302, Map.of("Location", fixture.server().issuer() + "/elsewhere"), ""));
        Provider provider = fixture.unknown(Map.of());
        Discovery discovery = fixture.discovery(provider);
        discovery.start();
        await().atMost(ProviderFixture.LIMIT)
                .until(() -> provider.trouble().orElse("").contains("302"));
        discovery.stop();
        assertThat(fixture.server().received("/elsewhere")).isEmpty();
    }

    @Test
    void keysWhenTheyRedirectThenAreNotFollowed() {
        Provider provider = fixture.ready(Map.of());
        fixture.server()
                .always(
                        "/jwks",
                        ProviderTrouble.answers(
                                307, Map.of("Location", fixture.server().issuer() + "/elsewhere"), ""));
        fixture.pass(Duration.ofHours(2));
        assertThat(find(provider, "any").isKnown()).isFalse();
        assertThat(fixture.server().received("/elsewhere")).isEmpty();
    }

    @Test
    void hostsWhenAllowedThenMayBeCalled() {
        ProviderSettings settings = fixture.settings(Map.of("allowed-hosts", "keys.example:81,other.example"));
        assertThat(settings.mayCall(URI.create("http://keys.example:81/jwks"))).isTrue();
        assertThat(settings.mayCall(URI.create("http://keys.example/jwks"))).isFalse();
        assertThat(settings.mayCall(URI.create("https://other.example/jwks")))
                .as("another scheme than the issuer's")
                .isFalse();
    }

    @Test
    void keysWhenTheProviderRollsThenAreReadOnceInThirtySeconds() {
        Provider provider = fixture.ready(Map.of());
        int before = fixture.server().received("/jwks").size();
        assertThat(find(provider, "unknown").isKnown()).isFalse();
        assertThat(find(provider, "unknown").isFresh()).as("read just before").isFalse();
        assertThat(fixture.server().received("/jwks")).hasSize(before);

        fixture.pass(Duration.ofSeconds(30));
        assertThat(find(provider, "unknown").isFresh()).isTrue();
        assertThat(find(provider, "unknown").isFresh()).isFalse();
        assertThat(fixture.server().received("/jwks")).hasSize(before + 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            500 | {}
            200 | {"keys":[]}
            200 | {"keys":[{"kty":"oct","k":"c2VjcmV0"}]}
            200 | nothing
            """)
    void keysWhenTheyCannotBeReadThenTheLastOnesStay(int status, String body) {
        Provider provider = fixture.ready(Map.of());
        fixture.server().always("/jwks", ProviderTrouble.answers(status, Map.of(), body));
        fixture.pass(Duration.ofHours(2));
        assertThat(find(provider, "any").set()).isPresent();
        assertThat(fixture.server().received("/jwks")).hasSize(2);
    }

    /** A provider may have keys that are for others, on curves that are not known here (RFC 7517 section 5). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'kty':'EC','kid':'other','crv':'BP-256','x':'AQAB','y':'AQAB'}",
                "{'kty':'EC','kid':'other','crv':'P-256','x':'AQAB','y':'AQAB'}",
                "{'kty':'RSA','kid':'other'}",
                "{'kty':'AKP','kid':'other','alg':'ML-DSA-65','pub':'AQAB'}",
                "{'kid':'other'}"
            })
    void keysWhenOneOfThemCannotBeUsedThenTheOthersCount(String unusable) throws JOSEException {
        Provider provider = fixture.ready(Map.of());
        String good = new ECKeyGenerator(Curve.P_256)
                .keyID("good")
                .generate()
                .toPublicJWK()
                .toString();
        String keys = "{\"keys\":[" + unusable.replace('\'', '"') + "," + good + "]}";
        fixture.server().always("/jwks", ProviderTrouble.answers(200, Map.of(), keys));
        fixture.pass(Duration.ofHours(2));
        assertThat(find(provider, "good").isKnown()).isTrue();
        assertThat(find(provider, "other").isKnown()).isFalse();
    }

    @Test
    void keysWhenTheSetGrowsThenTheLastOnesStay() throws JOSEException {
        Provider provider = fixture.ready(Map.of());
        fixture.server().always("/jwks", jwks(100));
        fixture.pass(Duration.ofHours(2));
        assertThat(size(find(provider, "any"))).isEqualTo(100);

        fixture.server().always("/jwks", jwks(101));
        fixture.pass(Duration.ofHours(2));
        assertThat(size(find(provider, "any"))).isEqualTo(100);

        fixture.server().always("/jwks", ProviderTrouble.endless());
        fixture.pass(Duration.ofHours(2));
        assertThat(size(find(provider, "any"))).isEqualTo(100);
        assertThat(fixture.server().received("/jwks")).hasSize(4);
    }

    private static ProviderTrouble jwks(int count) throws JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256).generate();
        List<JWK> keys = IntStream.range(0, count)
                .<JWK>mapToObj(i -> new ECKey.Builder(key).keyID("key-" + i).build())
                .toList();
        return ProviderTrouble.answers(200, Map.of(), new JWKSet(keys).toString());
    }

    private static int size(ProviderKeys.Keys keys) {
        return keys.set().orElseThrow().size();
    }

    private ProviderKeys.Keys find(Provider provider, String kid) {
        return ProviderFixture.block(fixture.keys().find(provider, kid));
    }
}
