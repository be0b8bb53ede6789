package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.table.LiveRoutes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that are asked for their health, over real sockets. */
final class HealthChecksIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private CheckedBackend one;
    private CheckedBackend two;

    @BeforeEach
    void start() {
        one = new CheckedBackend();
        two = new CheckedBackend();
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private RoutedGateway gateway() {
        return new RoutedGateway(routes(), folder);
    }

    private String routes() {
        return RoutedGateway.routes("health-routes.yml")
                .replace("ONE", one.address())
                .replace("TWO", two.address());
    }

    @ParameterizedTest
    @CsvSource({"/checked/x, 503", "/ejecting/x, 503", "/checked/x, 302", "/checked/x, 0", "/ejecting/x, 0"})
    void getWhenHealthChecksFailThenLeftOutUntilTheyPass(String path, int health) {
        try (RoutedGateway gateway = gateway()) {
            assertThat(served(gateway, path, one)).isTrue();

            one.health(health);
            await().atMost(LONG).until(() -> healthy(gateway, one) == 0);
            await().atMost(LONG).until(() -> !served(gateway, path, one));
            assertThat(healthy(gateway, two)).isEqualTo(1);

            one.release();
            one.health(200);
            await().atMost(LONG).until(() -> served(gateway, path, one));
            await().atMost(LONG).until(() -> healthy(gateway, one) == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/checked/x", "/ejecting/x", "/single/x"})
    void getWhenNoBackendIsHealthyThenAllAreTried(String path) {
        try (RoutedGateway gateway = gateway()) {
            one.health(500);
            two.health(500);
            await().atMost(LONG).until(() -> areAllUnhealthy(gateway));

            assertThat(served(gateway, path, one)).isTrue();
        }
    }

    @Test
    void swapWhenRoutesGoThenTheirChecksEndAndOthersGoOn() {
        try (RoutedGateway gateway = gateway()) {
            await().atMost(LONG).until(() -> one.checks() > 2 && two.checks() > 2);

            gateway.swap(routes().replace("\"http://" + one.address() + "\", ", "")
                    .replace(
                            "targets: [\"http://" + one.address() + "\"], health",
                            "targets: [http://127.0.0.1:1], health"));
            await().atMost(LONG).until(() -> healthy(gateway, one) < 0);
            int last = one.checks();
            int others = two.checks();
            await().atMost(LONG).until(() -> two.checks() > others + 10);
            assertThat(one.checks()).isBetween(last, last + 3);

            gateway.swap(routes());
            await().atMost(LONG).until(() -> one.checks() > last + 10);
        }
    }

    @Test
    void swapWhenARouteStaysThenItsBackendsStayUnhealthy() {
        try (RoutedGateway gateway = gateway()) {
            one.health(503);
            await().atMost(LONG).until(() -> !served(gateway, "/checked/x", one));

            gateway.swap(routes());

            assertThat(served(gateway, "/checked/x", one)).isFalse();
        }
    }

    @Test
    void closeWhenChecksAreUnderWayThenTheirThreadEnds() {
        long before = threads();
        try (RoutedGateway gateway = gateway()) {
            one.health(CheckedBackend.SILENT);
            await().atMost(LONG).until(() -> healthy(gateway, one) == 0);
            assertThat(threads()).isEqualTo(before + 1);
        }

        await().atMost(LONG).until(() -> threads() == before);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("latchkey-health"))
                .count();
    }

    /** 127.0.0.0/8 is the loopback interface, so that one backend has many addresses. */
    @Test
    void checksWhenManyAreSlowThenOnlySoManyAtATime() {
        one.health(CheckedBackend.SILENT);
        String routes = IntStream.range(0, 4).mapToObj(this::slowRoute).collect(Collectors.joining());
        try (RoutedGateway gateway = new RoutedGateway("version: 1\nroutes:\n" + routes, folder)) {
            await().atMost(LONG).until(() -> one.mostChecks() == 64);
            assertThat(one.checks()).isEqualTo(64);

            one.release();
            await().atMost(LONG).until(() -> passed(gateway) >= 80);
            assertThat(one.checks()).isEqualTo(80);
            assertThat(one.mostChecks()).isEqualTo(64);
        }
    }

    private String slowRoute(int number) {
        String targets = IntStream.range(0, 20)
                .mapToObj(each -> "\"http://127.0." + number + "." + (each + 1) + ":" + one.port() + "\"")
                .collect(Collectors.joining(", "));
        return "  - id: slow-" + number + "\n    match: { path: /slow-" + number + " }\n    to: { targets: [" + targets
                + "], health-check: { path: /healthz, interval: 60m, timeout: 60m } }\n"
                + "    entry: { access: public }\n";
    }

    /** One check may be under way when the backend changes its mind. */
    @Test
    void checksWhenThresholdsAreSetThenSoManyInARowChangeTheHealth() {
        one.health(204);
        String route = "  - id: patient\n    match: { path: /patient }\n    to: { targets: [\"http://" + one.address()
                + "\"], health-check: { path: /healthz, interval: 100ms, unhealthy-threshold: 10, "
                + "healthy-threshold: 12, statuses: [204] } }\n    entry: { access: public }\n";
        try (RoutedGateway gateway = new RoutedGateway("version: 1\nroutes:\n" + route, folder)) {
            await().atMost(LONG).until(() -> passed(gateway) > 0);

            int well = one.checks();
            one.health(200);
            await().atMost(LONG).until(() -> healthy(gateway, one) == 0);
            assertThat(one.checks() - well).isGreaterThanOrEqualTo(9);

            int ill = one.checks();
            one.health(204);
            await().atMost(LONG).until(() -> healthy(gateway, one) == 1);
            assertThat(one.checks() - ill).isGreaterThanOrEqualTo(11);
        }
    }

    @Test
    void checksWhenRoutesSayTheSameThenShared() {
        String route = "  - id: shared-N\n    match: { path: /N }\n    to: { targets: [\"http://" + one.address()
                + "\"], health-check: { path: /healthz, interval: 60m } }\n    entry: { access: public }\n"
                + "  - id: own-N\n    match: { path: /own-N }\n    to: { targets: [\"http://" + two.address()
                + "\"], health-check: { path: /healthz, interval: 5Nm } }\n    entry: { access: public }\n";
        String routes = "version: 1\nroutes:\n" + route.replace("N", "1") + route.replace("N", "2");
        try (RoutedGateway gateway = new RoutedGateway(routes, folder)) {
            await().atMost(LONG).until(() -> passed(gateway) >= 3);
            assertThat(one.checks()).isEqualTo(1);
            assertThat(two.checks()).isEqualTo(2);
        }
    }

    private static double passed(RoutedGateway gateway) {
        return registry(gateway)
                .get("latchkey.health.checks")
                .tag("outcome", "passed")
                .counter()
                .count();
    }

    /** Whether one of several requests is served by this backend; all of them are served. */
    private static boolean served(RoutedGateway gateway, String path, CheckedBackend backend) {
        int before = backend.requests();
        for (int count = 0; count < 6; count++) {
            assertThat(gateway.get(path, "")).startsWith("HTTP/1.1 200");
        }
        return backend.requests() > before;
    }

    /** For each route; the gauge tells of a backend once one of several checks of it fails. */
    private static boolean areAllUnhealthy(RoutedGateway gateway) {
        return gateway.context().getBean(LiveRoutes.class).table().routes().stream()
                .filter(route -> route.entry().to().healthCheck().isPresent())
                .flatMap(route -> route.targets().stream())
                .flatMap(targets -> targets.all().stream())
                .allMatch(target -> target.state().equals("unhealthy"));
    }

    /** The gauge; -1 without one. */
    private static double healthy(RoutedGateway gateway, CheckedBackend backend) {
        Gauge gauge = registry(gateway)
                .find("latchkey.backends.healthy")
                .tag("backend", "http://" + backend.address())
                .gauge();
        return gauge == null ? -1 : gauge.value();
    }

    private static MeterRegistry registry(RoutedGateway gateway) {
        return gateway.context().getBean(MeterRegistry.class);
    }
}
