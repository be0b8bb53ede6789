package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.NameServer;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The whole files in docs/examples, one request for each of their routes, with the lane and without it. Each backend of
 * theirs is an address of its own here.
 */
@AboutTheLane
final class ExamplesIT {

    private static final Path FOLDER = Path.of("../docs/examples");
    private static final Pattern BACKEND = Pattern.compile("(dns: \")?((?:http|ws)://)([a-z0-9.-]+):[0-9]{4}");

    /** The one whose port is said by a SRV record. */
    private static final String BY_SERVICE = "teachers.school.internal";

    /** Enough that each share has one, even of a tenth. */
    private static final int MANY = 200;

    private static final NameServer NAMES = new NameServer();
    private static final Map<String, String> BACKENDS = new ConcurrentHashMap<>();
    private static final DisposableServer SERVER = HttpServer.create()
            .host("0.0.0.0")
            .port(0)
            .handle(ExamplesIT::answer)
            .bindNow(Duration.ofSeconds(10));

    @RegisterExtension
    static final World WORLD = World.shared();

    @AfterAll
    static void stop() {
        SERVER.disposeNow();
        NAMES.close();
    }

    /** One request to a route. */
    private record Row(String route, String who, String request, String line, String answer, String besides) {

        static Row of(String[] fields) {
            return new Row(fields[1], fields[2], fields[3], fields[4], fields[5], fields[6]);
        }
    }

    private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String address =
                Objects.requireNonNull(request.hostAddress()).getAddress().getHostAddress();
        String lines = request.requestHeaders().entries().stream()
                .map(line -> line.getKey() + ": " + line.getValue())
                .collect(Collectors.joining("\n"));
        return response.addHeader("Vary", "a")
                .addHeader("Vary", "a")
                .sendString(Mono.just("at " + BACKENDS.get(address) + " " + request.uri() + "\n" + lines + "\n"))
                .then();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestsWhenOfAnExampleThenEachArrivesWhereItsRouteSays(boolean hasLane) {
        Map<String, String> cookies = Map.of(
                "ada",
                WORLD.signedIn("ada").cookies(),
                "root",
                WORLD.signedIn("root").cookies(),
                "",
                "",
                "many",
                "");
        Path file = local("spring");
        try (Gateway node = WORLD.startFreshNode(Map.of(
                "latchkey.routes.file",
                file.toString(),
                "latchkey.routes.poll-interval",
                "100ms",
                "latchkey.paths.prefix",
                "/gate",
                "latchkey.lane.enabled",
                hasLane,
                "latchkey.trusted-proxies",
                "127.0.0.1",
                "latchkey.backends.dns.servers",
                NAMES.address()))) {
            for (String name : List.of("spring", "kong", "traefik")) {
                local(name);
                List<Row> rows = rows(name);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> table(node).has(rows.get(rows.size() - 2).route()));

                assertThat(rows).extracting(Row::route).hasSameElementsAs(TestRoutes.ids(table(node)));
                rows.forEach(row -> assertArrives(node, row, cookies.getOrDefault(row.who(), "")));
            }
        }
    }

    private static void assertArrives(Gateway node, Row row, String cookies) {
        assertThat(answer(node, row, cookies))
                .as(row.route())
                .containsPattern(expected(row))
                .containsIgnoringCase(row.besides());
        assertThat(table(node).requests(row.route())).as(row.route()).isPositive();
    }

    private static RouteTable table(Gateway node) {
        return node.bean(LiveRoutes.class).table();
    }

    private static Pattern expected(Row row) {
        return row.answer().matches("[0-9]{3}")
                ? Pattern.compile("^HTTP/1\\.1 " + row.answer() + " ")
                : Pattern.compile("\nat "
                        + row.answer().replace("?", "\\?").replace(")\\?", ")?").replace(".", "\\.") + "\n");
    }

    /** A share of the requests is found by asking from many addresses. */
    private static String answer(Gateway node, Row row, String cookies) {
        Function<Integer, String> asking = client -> ask(node, row, cookies, client);
        return row.who().equals("many")
                ? IntStream.range(0, MANY)
                        .boxed()
                        .map(asking)
                        .filter(answer -> expected(row).matcher(answer).find())
                        .findFirst()
                        .orElse("none")
                : asking.apply(0);
    }

    private static String ask(Gateway node, Row row, String cookies, int client) {
        MatchResult request = Pattern.compile("([A-Z]+) ([^/]+)(/.*)")
                .matcher(row.request())
                .results()
                .findFirst()
                .orElseThrow();
        boolean hasBody = !request.group(1).equals("GET");
        return RawConnection.exchange(
                node.port(),
                request.group(1) + " " + request.group(3) + " HTTP/1.1\r\nHost: " + request.group(2)
                        + "\r\nConnection: close\r\nOrigin: " + World.ORIGIN + "\r\nX-Forwarded-For: 198.51.100."
                        + client
                        + "\r\n" + (row.line().isEmpty() ? "" : row.line().replace("\\r\\n", "\r\n") + "\r\n")
                        + (cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n")
                        + (hasBody ? "Content-Length: 2\r\n\r\nhi" : "\r\n"));
    }

    /** The example with the addresses of this test in place of its own. */
    private static Path local(String name) {
        try {
            String text = BACKEND.matcher(Files.readString(FOLDER.resolve(name + ".yml")))
                    .replaceAll(ExamplesIT::local);
            NAMES.services("_http._tcp." + BY_SERVICE, "0 1 " + SERVER.port() + " pod." + BY_SERVICE);
            NAMES.addresses("pod." + BY_SERVICE, addressOf(BY_SERVICE));
            return Files.writeString(WORLD.folder().resolve("examples.yml"), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String local(MatchResult backend) {
        String name = backend.group(3);
        String authority = name + backend.group().substring(backend.group().lastIndexOf(':'));
        if (backend.group(1) == null) {
            return backend.group(2) + addressOf(authority) + ":" + SERVER.port();
        }
        NAMES.addresses(name, addressOf(authority));
        return backend.group(1) + backend.group(2) + name + ":" + SERVER.port();
    }

    private static String addressOf(String backend) {
        String address = "127.0.1." + (1 + Math.floorMod(backend.hashCode(), 250));
        while (!BACKENDS.computeIfAbsent(address, unused -> backend).equals(backend)) {
            address = "127.0.1." + (1 + Integer.parseInt(address.substring("127.0.1.".length())) % 250);
        }
        return address;
    }

    private static List<Row> rows(String name) {
        try (InputStream in = ExamplesIT.class.getResourceAsStream("examples.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " |"))
                    .map(line -> line.split("\\|", -1))
                    .map(fields -> Arrays.stream(fields).map(String::strip).toArray(String[]::new))
                    .map(Row::of)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
