package dev.latchkey.gateway.pipeline.crosssite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class CrossSitePropertiesTests {

    @Test
    void allowedOriginsWhenNotSetThenNone() {
        CrossSiteProperties properties = bind("latchkey.cross-site", CrossSiteProperties.class, Map.of());

        assertThat(properties.allowedOrigins()).isEmpty();
    }

    @Test
    void allowedOriginsWhenSetThenMapped() {
        CrossSiteProperties properties = bind(
                "latchkey.cross-site",
                CrossSiteProperties.class,
                Map.of("latchkey.cross-site.allowed-origins", "https://a.example,https://b.example:8443"));

        assertThat(properties.serialized()).containsExactlyInAnyOrder("https://a.example", "https://b.example:8443");
    }

    @Test
    void publicOriginsWhenNotSetThenRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unwrapped(() -> bind("latchkey", PublicOriginsProperties.class, Map.of())))
                .withMessage("latchkey.public-origins must be set: the origins that browsers see, for example"
                        + " https://shop.example");
    }

    @Test
    void publicOriginsWhenSetThenMapped() {
        PublicOriginsProperties properties = bind(
                "latchkey", PublicOriginsProperties.class, Map.of("latchkey.public-origins", "https://shop.example"));

        assertThat(properties.serialized()).containsExactly("https://shop.example");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS://Shop.Example, https://shop.example",
        "https://shop.example:443, https://shop.example",
        "http://shop.example:80, http://shop.example",
        "https://shop.example:80, https://shop.example:80",
        "http://[::1]:8080, http://[::1]:8080",
        "' https://shop.example ', https://shop.example",
    })
    void originWhenSpelledInAnotherWayThenAsBrowsersSendIt(String configured, String serialized) {
        assertThat(new CrossSiteProperties(List.of(configured)).serialized()).containsExactly(serialized);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "*",
                "shop.example",
                "//shop.example",
                "https://",
                "https://*.shop.example",
                "https://shop.example/",
                "https://shop.example/path",
                "https://shop.example?x",
                "https://shop.example#x",
                "https://ada@shop.example",
                "https://shop.example:0",
                "https://shop.example:70000",
                "https://shöp.example",
                "ftp://shop.example",
                "file:///etc",
                "https://shop.example https://b.example",
            })
    void originWhenNotAnOriginThenRefusedByName(String configured) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CrossSiteProperties(List.of(configured)))
                .withMessageStartingWith("latchkey.cross-site.allowed-origins holds '" + configured + "'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PublicOriginsProperties(List.of(configured)))
                .withMessageStartingWith("latchkey.public-origins holds '" + configured + "'");
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, Bindable.of(type));
    }

    private static void unwrapped(Runnable binding) throws Throwable {
        try {
            binding.run();
        } catch (BindException wrapper) {
            Throwable cause = wrapper;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw cause;
        }
    }
}
