package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Uploads of one connection, of which one fills its window because the pool of its backend is exhausted. */
final class Http2UploadsIT {

    private static final String END = "\r\n\r\n";
    private static final int FRAME = 16 * 1024;
    /** What is left of 64 KB, because it can only be made larger by more than half. */
    private static final int WINDOW = 65_535;

    private static final ServerSocket SLOW = RawConnection.listen();
    private static final ServerSocket FINE = RawConnection.listen();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.http2.cleartext",
            true,
            "latchkey.http2.connection-window",
            "64KB",
            "latchkey.backends.max-connections",
            1,
            "latchkey.listener.body-idle-timeout",
            "3s",
            "latchkey.listener.body-timeout",
            "3s",
            "latchkey.routes.file",
            routes().toString()));

    private static Path routes() {
        try {
            Path file = Files.createTempFile("latchkey-uploads", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "version: 1\nroutes:\n" + route("slow", SLOW) + route("fine", FINE));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String route(String id, ServerSocket server) {
        return "  - { id: %s, match: { path: /%s/** }, to: 'http://127.0.0.1:%d', entry: { access: public } }\n"
                .formatted(id, id, server.getLocalPort());
    }

    @AfterAll
    static void stop() throws IOException {
        SLOW.close();
        FINE.close();
    }

    /** Their time begins when they may be sent. */
    @Test
    void othersWhenTheWindowOfAllIsShutThenTheirClientIsNotLate() {
        try (RawHttp2 client = RawHttp2.connect(WORLD.port())) {
            client.ping().get(1, "/slow/held");
            try (RawConnection held = RawConnection.accepted(SLOW)) {
                held.readUntil(END);
                client.post(3, "/slow/waiting");
                for (int sent = 0; sent < WINDOW; sent += FRAME) {
                    client.frame(Http2FrameTypes.DATA, 0, 3, new byte[Math.min(FRAME, WINDOW - sent)]);
                }
                client.post(5, "/fine/x", "content-length", "2");
                client.post(7, "/auth/token", "content-type", "application/json", "content-length", "2");

                assertThat(client.await(3).status()).as("after five seconds").isEqualTo(503);
                assertThat(client.of(5).status()).isEqualTo(-1);
                assertThat(client.of(7).status()).isEqualTo(-1);
                client.data(5, true, "{}").data(7, true, "{}");

                try (RawConnection fine = RawConnection.accepted(FINE)) {
                    assertThat(fine.readUntil("{}")).endsWith("{}");
                    fine.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    assertThat(client.await(5).body()).isEqualTo("ok");
                }
                assertThat(client.await(7).status()).isEqualTo(400);
            }
        }
    }
}
