package dev.latchkey.gateway.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.testing.Gateway;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** A property that is misspelt stops the start, on every level, instead of being ignored. */
final class UnknownPropertiesTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            latchkey.providers.company.clientid-x           | latchkey.providers.company.client-id
            latchkey.providers.company.dpopp                | latchkey.providers.company.dpop
            latchkey.providers.company.client.id            | latchkey.providers.company.client-id
            latchkey.providers.company.issuer.uri           | latchkey.providers.company.issuer
            latchkey.provider.company.issuer                | latchkey.providers
            latchkey.isuer                                  | latchkey.issuer
            latchkey.backends.dns.min-tll                   | latchkey.backends.dns.min-ttl
            latchkey.sign-in.per-adress                     | latchkey.sign-in.per-address
            latchkey.public-origin[0]                       | latchkey.public-origins
            latchkey.public-origins[0].host                 | latchkey.public-origins
            """)
    void propertyWhenMisspeltThenTheNearestIsNamed(String name, String meant) {
        assertThat(faults(new MapPropertySource("file", Map.of(name, "secret value"))))
                .singleElement()
                .asString()
                .isEqualTo(name + " is not a property of the gateway: did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({
        "latchkey.providers.company.client-id",
        "latchkey.providers.company.clientId",
        "latchkey.providers.my-company.extra-parameters.any.name.at-all",
        "latchkey.providers.company.scopes[3]",
        "latchkey.providers.company.scopes",
        "latchkey.public-origins[0]",
        "latchkey.backends.dns.servers[1]",
        "latchkey.trusted-proxies",
        "spring.nonsense"
    })
    void propertyWhenItIsOneThenFine(String name) {
        assertThat(faults(new MapPropertySource("file", Map.of(name, "value")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "fine", textBlock = """
            LATCHKEY_PROVIDERS_COMPANY_CLIENT_ID             | fine
            LATCHKEY_PROVIDERS_COMPANY_CLIENTID              | fine
            LATCHKEY_PROVIDERS_COMPANY_EXTRAPARAMETERS_HD    | fine
            LATCHKEY_SIGN_IN_PER_NAME_AND_ADDRESS            | fine
            LATCHKEY_PUBLIC_ORIGINS_0                        | fine
            LATCHKEY_SERVICE_HOST                            | fine
            LATCHKEY_PORT_8080_TCP_ADDR                      | fine
            LATCHKEY_LISTENER_PORT                           | fine
            LATCHKEY_LISTENER_PORT_8080_TCP_ADDR             | fine
            LATCHKEY_LISTENER_SERVICE_HOST                   | fine
            LATCHKEY_LISTENER_SERVICE_PORT_HTTP              | fine
            LATCHKEY_VERSION                                 | fine
            LATCHKEY_ADMIN_TOKEN                             | fine
            LATCHKEY_ADMIN_TOKENS_FIL                        | latchkey.admin.tokens-file
            LATCHKEY_PROVIDERS_COMPANY_CLIENT_IDD            | latchkey.providers.company.client-id
            LATCHKEY_PROVIDERS_COMPANY_EXTRA_PARAMETERS_HD   | latchkey.providers.company.extra-parameters
            LATCHKEY_TOKEN_ACCES_TTL                         | latchkey.token.access-ttl
            """)
    void variableWhenItBeginsLikeAGroupThenItMustBeAProperty(String name, String meant) {
        List<String> faults =
                faults(new SystemEnvironmentPropertySource("systemEnvironment", Map.of(name, "secret value")));
        if (meant == null) {
            assertThat(faults).isEmpty();
        } else {
            assertThat(faults).singleElement().asString().contains(name, "did you mean " + meant + "?");
        }
    }

    @Test
    void propertyWhenMisspeltThenItsPlaceIsNamed() throws IOException {
        ByteArrayResource file = new ByteArrayResource("latchkey:\n  isuer: x\n".getBytes(UTF_8), "application.yml");
        assertThat(faults(new YamlPropertySourceLoader().load("file", file).get(0)))
                .singleElement()
                .asString()
                .startsWith("latchkey.isuer (")
                .contains("application.yml", "2:10");
    }

    @Test
    void startWhenAPropertyIsMisspeltThenFails() {
        assertThatThrownBy(() -> Gateway.start(
                        Map.of("spring.data.redis.host", "127.0.0.1", "latchkey.providers.company.clientid-x", "shop")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("latchkey.providers.company.clientid-x")
                .hasMessageContaining("did you mean latchkey.providers.company.client-id?");
    }

    private static List<String> faults(PropertySource<?> source) {
        StandardEnvironment environment = new StandardEnvironment();
        if (source.getName().equals("systemEnvironment")) {
            environment.getPropertySources().replace("systemEnvironment", source);
        } else {
            environment.getPropertySources().addFirst(source);
        }
        return UnknownProperties.faults(environment, PropertiesCheck.records());
    }
}
