package dev.latchkey.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.Issuer.Discovery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IssuerTests {

    @ParameterizedTest
    @ValueSource(
            strings = {"https://shop.example", "https://shop.example/", "http://localhost:8080", "http://[::1]:80"})
    void ofWhenTheIssuerIsAHostThenAtItsRoot(String issuer) {
        Discovery paths = Discovery.of(new Issuer(issuer));
        assertThat(paths.all())
                .containsExactlyInAnyOrder(
                        "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server");
        assertThat(paths.keysAddress()).isEqualTo(issuer.replaceFirst("/$", "") + "/.well-known/jwks.json");
    }

    /** OpenID Connect Discovery 1.0 section 4.1, RFC 8414 section 3.1. */
    @Test
    void ofWhenTheIssuerHasAPathThenBehindItAndBeforeIt() {
        assertThat(Discovery.of(new Issuer("https://shop.example/id/one")).all())
                .containsExactlyInAnyOrder(
                        "/.well-known/openid-configuration",
                        "/.well-known/oauth-authorization-server",
                        "/id/one/.well-known/openid-configuration",
                        "/id/one/.well-known/oauth-authorization-server",
                        "/.well-known/openid-configuration/id/one",
                        "/.well-known/oauth-authorization-server/id/one",
                        "/id/one/.well-known/jwks.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "urn:shop:gateway",
                "ftp://shop.example",
                "https://shop.example?x=1",
                "https://shop.example/#x",
                "https://ada@shop.example",
                "https://shop.example/a//b",
                "https://shop.example/a/../b",
                "https://shop.example/{a}",
                "https://shop.example/a%2Fb",
                "https://:80"
            })
    void ofWhenTheIssuerIsNoSuchAddressThenNone(String issuer) {
        assertThat(Discovery.of(new Issuer(issuer))).isEqualTo(Discovery.NONE);
    }
}
