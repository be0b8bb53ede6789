package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.MoodyBackend.Mood;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.cloud.gateway.route.Route;
import reactor.core.publisher.Sinks;

/** The table is swapped while requests are under way, over real sockets, by the gateway's own polling. */
final class ReloadIT {

    private static final int RELOADS = 200;
    private static final int CONNECTIONS = 4;
    private static final List<String> STAYING = List.of("s0", "s1", "s2", "s3", "s4");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** So that most requests of a load are under way there, and the machine has time for what goes on beside them. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    private MoodyBackend backend;
    private RoutedGateway gateway;

    @BeforeEach
    void start() {
        backend = new MoodyBackend("it");
        backend.is(Mood.slow(MOMENT));
        gateway = new RoutedGateway(
                TestRoutes.file("http://" + backend.address(), STAYING.toArray(String[]::new)), folder);
    }

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    @Test
    void reloadWhenTwoHundredTimesUnderLoadThenNoRequestFailsAndNothingIsRetained() throws IOException {
        List<WeakReference<?>> old = new ArrayList<>();
        Random random = new Random(7);
        keepTheFirstExchange();
        try (RoutesLoad load = new RoutesLoad(gateway.url(), STAYING, CONNECTIONS)) {
            for (int time = 0; time < RELOADS; time++) {
                RouteTable before = table();
                old.add(new WeakReference<>(before));
                old.add(new WeakReference<Route>(before.routes().get(0).forChain()));
                replace(TestRoutes.file("http://" + backend.address(), ids(time, random)), time % 2 == 0);
                awaitOtherThan(before.version());
            }
            load.end();
            assertThat(load.failures()).isEmpty();
            assertThat(load.answered("s")).as("requests to routes that stay").isGreaterThan(RELOADS);
            assertThat(load.answered("v"))
                    .as("requests to routes that come and go")
                    .isPositive();
        }
        assertThat(STAYING.stream().mapToLong(id -> table().requests(id)).sum())
                .as("counted across all tables")
                .isGreaterThan(RELOADS);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(retained(old)).isZero());
    }

    /**
     * A pool of connections keeps the exchange that it was made for as long as its backend is called: one for each
     * backend, however many tables come and go. Here it shall be one on a route that is not looked at.
     */
    private void keepTheFirstExchange() {
        assertThat(table().routes().get(0).entry().id()).isEqualTo("s0");
        assertThat(Requests.send(gateway.url() + "/s4/first").join().statusCode())
                .isEqualTo(200);
    }

    /** The routes that stay in another order each time, others among them. */
    private static String[] ids(int time, Random random) {
        List<String> ids = new ArrayList<>(STAYING);
        ids.add("turn-" + time);
        IntStream.range(0, RoutesLoad.COMING)
                .filter(unused -> random.nextBoolean())
                .forEach(number -> ids.add("v" + number));
        Collections.shuffle(ids, random);
        return ids.toArray(String[]::new);
    }

    @Test
    void reloadWhenARouteIsRemovedThenARequestUnderWayEndsOnIt() throws Exception {
        Sinks.Empty<Void> released = Sinks.empty();
        backend.is(Mood.until(released.asMono()));
        CompletableFuture<HttpResponse<String>> underWay = Requests.send(gateway.url() + "/s0/held");
        await().atMost(LIMIT).until(() -> backend.requests() == 1);
        String before = table().version();
        replace(TestRoutes.file("http://" + backend.address(), "s1"), true);
        awaitOtherThan(before);

        assertThat(Requests.send(gateway.url() + "/s0/new")
                        .get(10, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(404);
        released.tryEmitEmpty();
        HttpResponse<String> answer = underWay.get(10, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("it: GET /s0/held 0");
    }

    private RouteTable table() {
        return gateway.context().getBean(LiveRoutes.class).table();
    }

    private void awaitOtherThan(String version) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !table().version().equals(version));
    }

    private static long retained(List<WeakReference<?>> old) {
        System.gc();
        return old.stream().map(WeakReference::get).filter(Objects::nonNull).count();
    }

    /** In one step, or over the file that is there, as editors differ. */
    private void replace(String routes, boolean inOneStep) throws IOException {
        Path file = folder.resolve("routes.yml");
        if (inOneStep) {
            Path next = Files.writeString(folder.resolve("routes.yml.new"), routes);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.writeString(file, routes);
        }
    }
}
