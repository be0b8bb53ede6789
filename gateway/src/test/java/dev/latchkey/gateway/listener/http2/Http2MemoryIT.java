package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.World;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a client can make the gateway keep by not reading what it has asked for. */
final class Http2MemoryIT {

    private static final int STREAMS = 48;
    private static final String PIECE = "x".repeat(64 * 1024);
    private static final int PIECES = 32;

    /** A window, a buffer, and what one read brings: 64, 64 and 128 KB, and as much again for the allocator. */
    private static final long MOST = STREAMS * 512 * 1024L;

    private static final ServerSocket SERVER = RawConnection.listen();
    private static final ExecutorService BACKENDS = Executors.newCachedThreadPool();
    private static final AtomicInteger SENT = new AtomicInteger();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.http2.cleartext",
            true,
            "latchkey.routes.file",
            BothWays.routes(SERVER).toString()));

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
        BACKENDS.shutdownNow();
    }

    private static long used() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static void answer(RawConnection backend) {
        try (backend) {
            backend.readUntil("\r\n\r\n");
            backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + PIECES * PIECE.length() + "\r\n\r\n");
            for (int piece = 0; piece < PIECES; piece++) {
                backend.send(PIECE);
                SENT.incrementAndGet();
            }
            backend.isEndedByServer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void answersWhenTheirClientDoesNotReadThenLittleOfThemWaits(String way) {
        long before = used();
        SENT.set(0);
        try (RawHttp2 client = RawHttp2.connect(WORLD.port()).keepWindows()) {
            for (int number = 0; number < STREAMS; number++) {
                client.get(2 * number + 1, "/" + way + "/" + number);
                RawConnection backend = RawConnection.accepted(SERVER);
                BACKENDS.execute(() -> answer(backend));
            }
            awaitStop();

            long most = 0;
            for (int round = 0; round < 100; round++) {
                client.ping();
                most = Math.max(most, used() - before);
            }
            assertThat(most).isLessThan(MOST);
        }
    }

    /** Until no backend can send more; what comes later is not seen here. */
    private static void awaitStop() {
        AtomicInteger before = new AtomicInteger();
        await().pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> SENT.get() > 0 && SENT.get() == before.getAndSet(SENT.get()));
    }
}
