package dev.latchkey.gateway.routes.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.device.DeviceBinding;
import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.pipeline.backend.BackendsProperties;
import dev.latchkey.gateway.pipeline.backend.Endpoints;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.dns.BackendNames;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.routes.table.RouteCustomizer;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

final class RoutesStartTests {

    @TempDir
    private Path folder;

    @Test
    void startWhenFileIsBadThenStopsWithTheWholeList() throws IOException {
        Path file = Files.writeString(folder.resolve("routes.yml"), "version: 2\nroutes: [x]\n");

        new ApplicationContextRunner()
                .withBean(RoutesProperties.class, () -> properties(file.toString()))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(AuditLog.class, () -> event -> {})
                .withBean(Issuer.class, () -> new Issuer("https://gateway.example"))
                .withBean(EndpointPaths.class, () -> EndpointPaths.DEFAULT)
                .withBean(SslBundles.class, DefaultSslBundleRegistry::new)
                .withBean(DeviceBindingProperties.class, () -> new DeviceBindingProperties(DeviceBinding.OFF))
                .withBean(DpopProperties.class, () -> new DpopProperties(true, true, Duration.ofMinutes(1), 1_000))
                .withBean(BackendsProperties.class, RoutesStartTests::backends)
                .withBean(
                        Forwarder.class,
                        () -> new Forwarder(
                                backends().settings(), backends().dns().nameServers()))
                .withBean(Endpoints.class)
                .withBean(BackendNames.class)
                .withBean(RouteCustomizer.class, () -> (route, entry) -> {})
                .withUserConfiguration(RoutesConfiguration.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(StartupException.class)
                        .hasMessage("The routes file cannot be used:\n" + file + ":1:10: version must be 1\n" + file
                                + ":2:10: route 1: a route must be a mapping that begins with id"));
    }

    private static BackendsProperties backends() {
        return new Binder(new MapConfigurationPropertySource())
                .bindOrCreate("latchkey.backends", BackendsProperties.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void fileWhenNotSetThenRefusedByName(String file) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties(file))
                .withMessage("latchkey.routes.file must be set: the file that says which path goes to which backend");
    }

    @Test
    void propertiesWhenOnlyTheFileIsSetThenDefaults() {
        RoutesProperties properties = bound(Map.of("latchkey.routes.file", "routes.yml"));

        assertThat(properties).isEqualTo(new RoutesProperties("routes.yml", Duration.ofSeconds(1), null, List.of()));
        assertThat(properties.copy()).isEmpty();
    }

    @Test
    void propertiesWhenAllAreSetThenAllAreRead() {
        RoutesProperties properties = bound(Map.of(
                "latchkey.routes.file", "routes.d",
                "latchkey.routes.poll-interval", "300ms",
                "latchkey.routes.state-folder", "/var/lib/latchkey",
                "latchkey.routes.allowed-upstreams", "orders:8081"));

        assertThat(properties)
                .isEqualTo(new RoutesProperties(
                        "routes.d", Duration.ofMillis(300), Path.of("/var/lib/latchkey"), List.of("orders:8081")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"99ms", "61s", "-1s"})
    void propertiesWhenIntervalIsSillyThenRefusedByName(String interval) {
        assertThatThrownBy(() ->
                        bound(Map.of("latchkey.routes.file", "routes.yml", "latchkey.routes.poll-interval", interval)))
                .rootCause()
                .hasMessage("latchkey.routes.poll-interval must lie between 100ms and 1m");
    }

    private static RoutesProperties bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("latchkey.routes", RoutesProperties.class)
                .get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere/routes.yml", "classpath:nowhere.yml", "file:nowhere.yml", "http://evil.example/r"})
    void readWhenNotThereThenRefusedByName(String file) {
        assertThat(read(file)).containsExactly(file + ":1:1: the file cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classpath:demo-routes.yml", "../deploy/routes.yml", "file:../deploy/routes.yml"})
    void readWhenShippedThenNothingIsWrong(String file) {
        assertThat(read(file)).isEmpty();
    }

    private static RoutesProperties properties(String file) {
        return new RoutesProperties(file, Duration.ofSeconds(1), null, List.of());
    }

    private static List<String> read(String file) {
        return RoutesReader.read(file).fold(accepted -> List.of(), TestRoutes::sentences);
    }
}
