package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.MoodyBackend.Mood;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

/** The table is swapped while requests are under way on the lane and on the chain, by the gateway's own polling. */
@AboutTheLane
final class ReloadIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final int RELOADS = 200;
    private static final int CONNECTIONS = 4;
    private static final List<String> STAYING = List.of("s0", "s1", "s2", "s3", "s4");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** So that most requests of a load are under way there, and the machine has time for what goes on beside them. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    private MoodyBackend backend;
    private Gateway gateway;
    private Reloads reloads;

    @BeforeEach
    void start() throws IOException {
        backend = new MoodyBackend("it");
        Path file = Files.writeString(folder.resolve("routes.yml"), file(STAYING));
        gateway = WORLD.startNode(Map.of("latchkey.routes.file", file, "latchkey.routes.poll-interval", "100ms"));
        reloads = new Reloads(folder, gateway.bean(LiveRoutes.class));
    }

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    /** Two of those that stay and two of those that come and go have no lane. */
    private String file(List<String> ids) {
        return TestRoutes.file("http://" + backend.address(), ids.toArray(String[]::new))
                .replaceAll("(id: [sv][13],)", "$1 lane: off,");
    }

    @Test
    void reloadWhenTwoHundredTimesUnderLoadThenNoRequestFailsAndNothingIsRetained() {
        backend.is(Mood.slow(MOMENT));
        double before = taken();
        try (RoutesLoad load = new RoutesLoad(gateway.url(), STAYING, CONNECTIONS)) {
            for (int time = 0; time < RELOADS; time++) {
                reloads.reload(file(reloads.ids(STAYING)));
            }
            load.end();
            double onLane = taken() - before;
            assertThat(load.failures()).isEmpty();
            assertThat(load.answered("s")).as("requests to routes that stay").isGreaterThan(RELOADS);
            assertThat(load.answered("v"))
                    .as("requests to routes that come and go")
                    .isPositive();
            assertThat(onLane).as("on the lane").isGreaterThan(RELOADS);
            assertThat(load.answered("s") + load.answered("v") - onLane)
                    .as("on the chain")
                    .isGreaterThan(RELOADS);
        }
        assertThat(STAYING.stream()
                        .mapToLong(id -> gateway.bean(LiveRoutes.class).table().requests(id))
                        .sum())
                .as("counted across all tables")
                .isGreaterThan(RELOADS);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(reloads.retained()).isZero());
    }

    private double taken() {
        return new Operator(gateway.managementUrl()).meter("latchkey_lane_requests_total");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s0", "s1"})
    void reloadWhenARouteIsRemovedThenARequestUnderWayEndsOnIt(String id) throws Exception {
        Sinks.Empty<Void> released = Sinks.empty();
        backend.is(Mood.until(released.asMono()));
        CompletableFuture<HttpResponse<String>> underWay = Requests.send(gateway.url() + "/" + id + "/held");
        await().atMost(LIMIT).until(() -> backend.requests() == 1);
        reloads.reload(file(List.of("s2")));

        assertThat(Requests.send(gateway.url() + "/" + id + "/new")
                        .get(10, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(404);
        released.tryEmitEmpty();
        HttpResponse<String> answer = underWay.get(10, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("it: GET /" + id + "/held 0");
    }
}
