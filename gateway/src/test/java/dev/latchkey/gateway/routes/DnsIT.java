package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.NameServer;
import dev.latchkey.gateway.testing.NameServer.Mood;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends by name, with a real name server and backends on real sockets. Each test has names of its own. */
final class DnsIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String ONE = "127.0.0.11";
    private static final String TWO = "127.0.0.12";
    private static final String THREE = "127.0.0.13";

    /** Nothing listens there. */
    private static final String NOBODY = "127.0.0.14";

    private static final Duration KEPT = Duration.ofSeconds(3);
    private static final Pattern PLACE = Pattern.compile("at (127[0-9.]+) for (.*)");

    private static NameServer names;
    private static LoopbackBackends backends;

    /** Looks names up several times a second. */
    private static RoutedGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) {
        names = new NameServer();
        backends = new LoopbackBackends(ONE, TWO, THREE);
        List.of("turns", "changing", "missing", "empty", "removed", "silent", "broken")
                .forEach(name -> names.addresses(name + ".test", ONE, TWO));
        List.of("refusing", "retried").forEach(name -> names.addresses(name + ".test", ONE, NOBODY));
        names.addresses("failing.test", ONE, TWO, THREE);
        names.addresses("plain.test", NOBODY, ONE);
        names.addresses("pod-1.test", ONE);
        names.addresses("pod-2.test", TWO);
        names.addresses("nobody.test", NOBODY);
        names.addresses("moved.test", ONE);
        services("weighted", "10 1 PORT pod-1.test", "10 3 PORT pod-2.test");
        services("ranked", "20 1 PORT pod-1.test", "10 0 PORT pod-2.test", "5 0 PORT nobody.test", "1 1 1 .");
        services("moving", "10 1 PORT moved.test", "10 1 PORT nowhere.test");
        gateway = gateway(
                RoutedGateway.routes("dns-routes.yml").replace("8080", "" + backends.port()),
                folder,
                "latchkey.backends.dns.max-ttl=200ms",
                "latchkey.backends.dns.keep-missing=3s",
                "latchkey.backends.idle-timeout=1h");
    }

    private static void services(String name, String... services) {
        names.services(
                "_http._tcp." + name + ".test",
                Stream.of(services)
                        .map(service -> service.replace("PORT", "" + backends.port()))
                        .toArray(String[]::new));
    }

    private static RoutedGateway gateway(String routes, Path folder, String... more) {
        String[] own = {"latchkey.backends.dns.servers=" + names.address(), "latchkey.backends.dns.min-ttl=100ms"};
        return new RoutedGateway(
                routes, folder, Stream.of(own, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backends.close();
        names.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/turns/x", "/chain/x"})
    void getWhenANameHasAddressesThenTheyTakeTurns(String path) {
        assertThat(places(path, 8)).isEqualTo(Map.of(ONE, 4, TWO, 4));
        assertThat(gateway.get(path, "")).contains(" for turns.test:" + backends.port());
        assertThat(addresses("turns")).isEqualTo(2);
    }

    @Test
    void getWhenTheAddressesChangeThenTheNewOnes() {
        assertThat(places("/changing/x", 4)).containsOnlyKeys(ONE, TWO);

        names.addresses("changing.test", TWO, THREE);

        await().atMost(LONG).until(() -> places("/changing/x", 4).keySet().equals(Set.of(TWO, THREE)));
    }

    @Test
    void lookUpWhenItsTtlIsLongThenNotAgainUntilNoRouteNamesIt(@TempDir Path folder) {
        names.ttl(3600);
        names.addresses("first.test", ONE);
        names.addresses("second.test", TWO);
        String first = route("first", "{ dns: \"http://first.test:PORT\" }");
        String second = route("second", "{ dns: \"http://second.test:PORT\" }");
        try (RoutedGateway other =
                gateway("version: 1\nroutes:\n" + first, folder, "latchkey.backends.dns.max-ttl=1h")) {
            other.swap("version: 1\nroutes:\n" + first + second);

            assertThat(other.get("/first", "") + other.get("/second", "")).contains("at " + ONE, "at " + TWO);
            assertThat(List.of(names.questions("first.test"), names.questions("second.test")))
                    .containsOnly(1);

            other.swap("version: 1\nroutes:\n" + second);
            await().atMost(LONG).until(() -> gauge(other, "first") == null);
            other.swap("version: 1\nroutes:\n" + first + second);
            assertThat(names.questions("first.test")).isEqualTo(2);
            assertThat(names.questions("second.test")).isEqualTo(1);
        } finally {
            names.ttl(0);
        }
    }

    @Test
    void lookUpWhenTheTtlIsBeyondTheLongestThenAgain() {
        names.ttl(3600);
        try {
            int before = names.questions("lasting.test");
            await().atMost(LONG).until(() -> names.questions("lasting.test") > before + 5);
        } finally {
            names.ttl(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"SILENT, silent", "FAILS, broken"})
    void getWhenNameServersFailThenWhatIsKnownStaysForLongerThanOfAMissingName(Mood mood, String name) {
        names.is(mood);
        try {
            long before = System.nanoTime();
            double failed = lookups("failed");
            await().atMost(LONG).until(() -> lookups("failed") > failed + 2);
            await().atMost(LONG).until(() -> System.nanoTime() - before > KEPT.toNanos() * 3 / 2);
            assertThat(places("/" + name + "/x", 4)).isEqualTo(Map.of(ONE, 2, TWO, 2));
        } finally {
            names.addresses(name + ".test", THREE);
            names.is(Mood.ANSWERS);
        }
        await().atMost(LONG).until(() -> places("/" + name + "/x", 2).equals(Map.of(THREE, 2)));
    }

    /** Whether there is no such name (NXDOMAIN), or one without addresses. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty"})
    void getWhenANameIsGoneThenWhatIsKnownStaysForAWhile(String name) {
        long before = System.nanoTime();
        if (name.equals("empty")) {
            names.addresses("empty.test");
        } else {
            names.remove("missing.test");
        }
        awaitLookups(name);
        assertThat(gateway.get("/" + name + "/x", "")).startsWith("HTTP/1.1 200");

        await().atMost(LONG).until(() -> gateway.get("/" + name + "/x", "").startsWith("HTTP/1.1 503"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(KEPT);
        assertThat(addresses(name)).isZero();

        names.addresses(name + ".test", TWO);
        await().atMost(LONG).until(() -> gateway.get("/" + name + "/x", "").startsWith("HTTP/1.1 200"));
        // The while begins when it is gone again, whatever came before it.
        names.fail(name + ".test");
        awaitLookups(name);
        names.remove(name + ".test");
        awaitLookups(name);
        assertThat(gateway.get("/" + name + "/x", "")).startsWith("HTTP/1.1 200");
    }

    private static void awaitLookups(String name) {
        int before = names.questions(name + ".test");
        await().atMost(LONG).until(() -> names.questions(name + ".test") > before + 2);
    }

    @Test
    void getWhenANameWasNeverFoundThenUnavailableUntilItIs() {
        assertThat(gateway.get("/unknown/x", ""))
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("\r\nretry-after: 1\r\n")
                .contains("urn:latchkey:problem:backend-unknown");
        assertThat(gateway.send("POST", "/unknown/x", "Content-Length: 1\r\n", "x"))
                .contains("urn:latchkey:problem:backend-unknown");
        assertThat(gateway.refusedSocket("/unknown/x")).contains("urn:latchkey:problem:backend-unknown");

        names.addresses("unknown.test", ONE);
        await().atMost(LONG).until(() -> gateway.get("/unknown/x", "").startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @CsvSource({"refusing, 502", "retried, 200"})
    void getWhenNothingListensAtAnAddressThenItIsEjectedAndOthersAreTried(String name, int status) {
        String both = gateway.get("/" + name + "/x", "") + gateway.get("/" + name + "/x", "");
        assertThat(both).contains("HTTP/1.1 " + status, "at " + ONE);

        int questions = names.questions(name + ".test");
        await().atMost(LONG).until(() -> names.questions(name + ".test") > questions + 2);
        assertThat(places("/" + name + "/x", 6)).isEqualTo(Map.of(ONE, 6));
    }

    @Test
    void getWhenOneAddressAnswersGatewayErrorsThenOnlyThatIsEjected() {
        backends.fail(TWO, "/failing/x");
        IntStream.range(0, 6).forEach(unused -> gateway.get("/failing/x", ""));

        names.addresses("failing.test", ONE, TWO);
        await().atMost(LONG).until(() -> addresses("failing") == 2);
        assertThat(places("/failing/x", 6)).isEqualTo(Map.of(ONE, 6));
    }

    @Test
    void getWhenAnAnswerHasNoRoomThenAskedOverTcp() {
        names.truncate("large.test");
        names.addresses("large.test", ONE, TWO, THREE);

        await().atMost(LONG).until(() -> addresses("large") == 3);
        assertThat(places("/large/x", 3)).containsOnlyKeys(ONE, TWO, THREE);
        assertThat(names.overTcp()).isPositive();
    }

    @Test
    void getWhenANameHasVeryManyAddressesThenOnlySoMany() {
        names.truncate("many.test");
        names.addresses(
                "many.test",
                IntStream.range(1, 101).mapToObj(last -> "127.0.1." + last).toArray(String[]::new));

        await().atMost(LONG).until(() -> addresses("many") == 64);
    }

    /** A name with an address of each kind is one backend. */
    @Test
    void getWhenANameHasAddressesOfIpv6ThenThoseAreUsedIfThereAreNoOthers() {
        names.addresses("six.test", "::1", "::2");
        names.addresses("both.test", "::1", ONE);

        await().atMost(LONG).until(() -> addresses("six") == 2);
        await().atMost(LONG).until(() -> addresses("both") == 1);
        assertThat(places("/both/x", 4)).isEqualTo(Map.of(ONE, 4));
    }

    /** Otherwise a node would use an old connection to an address that belongs to another service by now. */
    @Test
    void removeWhenConnectionsAreOpenThenClosedOnceTheirExchangeEnds() {
        assertThat(places("/removed/x", 4)).containsOnlyKeys(ONE, TWO);
        names.addresses("removed.test", TWO);
        await().atMost(LONG).until(() -> connections(ONE) == 0);
        assertThat(connections(TWO)).isPositive();

        try (RawConnection slow = new RawConnection(gateway.port())
                .send("GET /removed/slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) {
            await().atMost(LONG).until(() -> backends.waiting() == 1);
            names.addresses("removed.test", THREE);
            await().atMost(LONG).until(() -> places("/removed/x", 2).equals(Map.of(THREE, 2)));
            assertThat(connections(TWO)).isPositive();

            backends.release();
            assertThat(slow.readUntil("test:" + backends.port())).contains("at " + TWO);
            await().atMost(LONG).until(() -> connections(TWO) == 0);
        }
    }

    private static int connections(String address) {
        return backends.connections(address, "removed.test:" + backends.port());
    }

    @Test
    void getWhenAServiceHasWeightsThenInTheirProportionAndCheckedForHealth() {
        Map<String, Integer> places = places("/weighted/x", 200);
        assertThat(places.get(TWO)).isGreaterThan(places.get(ONE));
        assertThat(gateway.get("/weighted/x", "")).containsPattern(" for weighted\\.test\\b");

        backends.fail(TWO, "/healthz");
        await().atMost(LONG).until(() -> places("/weighted/x", 10).equals(Map.of(ONE, 10)));
    }

    /** One whose target is the root is no backend. */
    @Test
    void getWhenAServiceHasPrioritiesThenTheLowestThatTakesRequests() {
        assertThat(counted("http://ranked.test (_http._tcp.ranked.test)")).isEqualTo(3);
        assertThat(gateway.get("/ranked/x", "")).startsWith("HTTP/1.1 502");
        assertThat(places("/ranked/x", 10)).isEqualTo(Map.of(TWO, 10));
    }

    @Test
    void getWhenTheTargetsOfAServiceChangeThenTheNewOnes() {
        assertThat(places("/moving/x", 2)).isEqualTo(Map.of(ONE, 2));

        names.addresses("moved.test", THREE);

        await().atMost(LONG).until(() -> places("/moving/x", 5).equals(Map.of(THREE, 5)));
    }

    /** The certificate holds localhost and 127.0.0.1; name servers are not asked for what the hosts file knows. */
    @Test
    void getWhenABackendHasTlsThenItsCertificateIsCheckedByTheName(@TempDir Path folder) {
        LocalCertificate certificate = LocalCertificate.in(folder);
        try (EchoBackend secure = EchoBackend.secure(certificate)) {
            String port = secure.address().substring("127.0.0.1:".length());
            names.addresses("foreign.test", "127.0.0.1");
            String routes = "version: 1\nroutes:\n" + route("known", "{ dns: \"https://localhost:" + port + "\" }")
                    + route("foreign", "{ dns: \"https://foreign.test:" + port + "\" }");
            try (RoutedGateway other = gateway(
                    routes,
                    folder,
                    "latchkey.backends.ssl-bundle=own",
                    "spring.ssl.bundle.pem.own.truststore.certificate=file:" + certificate.certificate())) {
                assertThat(other.get("/known", "")).startsWith("HTTP/1.1 200").contains("localhost:" + port);
                assertThat(other.get("/foreign", "")).startsWith("HTTP/1.1 502");
                assertThat(names.questions("foreign.test")).isPositive();
            }
        }
    }

    /** A plain address takes whichever connects. */
    @Test
    void getWhenAPlainAddressHasSeveralThenTheNextIfOneRefuses() {
        assertThat(places("/plain/x", 4)).isEqualTo(Map.of(ONE, 4));
    }

    private static String route(String id, String to) {
        return "  - id: " + id + "\n    match: { path: /" + id + " }\n    to: "
                + to.replace("PORT", "" + backends.port()) + "\n    entry: { access: public }\n";
    }

    /** Which addresses served so many requests, and how many others failed. */
    private static Map<String, Integer> places(String path, int count) {
        Map<String, Integer> places = new TreeMap<>();
        for (int number = 0; number < count; number++) {
            Matcher place = PLACE.matcher(gateway.get(path, ""));
            places.merge(place.find() ? place.group(1) : "none", 1, Integer::sum);
        }
        return places;
    }

    private static double addresses(String name) {
        return counted("http://" + name + ".test:" + backends.port());
    }

    private static double counted(String tag) {
        return registry(gateway)
                .get("latchkey.backends.addresses")
                .tag("backend", tag)
                .gauge()
                .value();
    }

    private static @Nullable Gauge gauge(RoutedGateway node, String name) {
        return registry(node)
                .find("latchkey.backends.addresses")
                .tag("backend", "http://" + name + ".test:" + backends.port())
                .gauge();
    }

    private static double lookups(String outcome) {
        Counter counter = registry(gateway)
                .find("latchkey.backends.lookups")
                .tag("outcome", outcome)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static MeterRegistry registry(RoutedGateway node) {
        return node.context().getBean(MeterRegistry.class);
    }
}
