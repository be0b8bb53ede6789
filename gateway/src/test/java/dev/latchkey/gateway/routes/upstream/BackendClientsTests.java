package dev.latchkey.gateway.routes.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/** Pools of connections to backends, counted as they come and go. */
final class BackendClientsTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofMillis(100);

    /** No call takes so long from finding its pool to using it. */
    private static final Duration UNUSED = Duration.ofSeconds(2);

    private static DisposableServer backend;

    private final Pools pools = new Pools();

    @BeforeAll
    static void start() {
        backend = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.sendString(Mono.just("ok")))
                .bindNow(LIMIT);
    }

    @AfterAll
    static void stop() {
        backend.disposeNow(LIMIT);
    }

    @Test
    void poolWhenNobodyCallsItsBackendThenForgotten() {
        ConnectionProvider framework = ConnectionProvider.builder("test")
                .maxIdleTime(SOON)
                .evictInBackground(SOON)
                .metrics(true, () -> pools)
                .build();
        ConnectionProvider connections = BackendClients.forgetting(framework, SOON, UNUSED);
        try {
            assertThat(call(connections)).isEqualTo("ok");
            assertThat(pools.made.get()).isEqualTo(1);
            await().atMost(LIMIT).until(() -> pools.gone.get() == 1);
            assertThat(call(connections))
                    .as("and made anew where it is called again")
                    .isEqualTo("ok");
        } finally {
            connections.dispose();
        }
    }

    @Test
    void poolWhenThereIsNoneThenNothingToForget() {
        ConnectionProvider none = ConnectionProvider.newConnection();
        assertThat(call(BackendClients.forgetting(none, SOON, SOON))).isEqualTo("ok");
    }

    private static String call(ConnectionProvider connections) {
        return HttpClient.create(connections)
                .get()
                .uri("http://127.0.0.1:" + backend.port() + "/")
                .responseContent()
                .aggregate()
                .asString()
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    private static final class Pools implements ConnectionProvider.MeterRegistrar {

        private final AtomicInteger made = new AtomicInteger();
        private final AtomicInteger gone = new AtomicInteger();

        @Override
        public void registerMetrics(String pool, String id, SocketAddress remote, ConnectionPoolMetrics metrics) {
            made.incrementAndGet();
        }

        @Override
        public void deRegisterMetrics(String pool, String id, SocketAddress remote) {
            gone.incrementAndGet();
        }
    }
}
