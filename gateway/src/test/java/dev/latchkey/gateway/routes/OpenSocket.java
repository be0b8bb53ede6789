package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.RawConnection;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Both sides of a WebSocket through a gateway, on raw sockets. */
record OpenSocket(RawConnection client, RawConnection backend) implements AutoCloseable {

    static final String HEAD_END = "\r\n\r\n";

    /** Of the key in {@link RawConnection#handshake}, by RFC 6455 section 1.3; without the end of the head. */
    static final String SWITCHING = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            """;

    static OpenSocket through(RoutedGateway gateway, ServerSocket backends) {
        RawConnection client = new RawConnection(gateway.port()).send(RawConnection.handshake("/plain/socket", ""));
        RawConnection backend = RawConnection.accepted(backends);
        backend.readUntil(HEAD_END);
        backend.send(SWITCHING + "\r\n");
        assertThat(client.readUntil(HEAD_END)).startsWith("HTTP/1.1 101 ");
        return new OpenSocket(client, backend);
    }

    RawConnection side(boolean ofClient) {
        return ofClient ? client : backend;
    }

    /** A message as this side sends it. */
    static String frame(boolean ofClient, int first, String payload) {
        return ofClient ? Frames.fromClient(first, payload) : Frames.fromBackend(first, payload);
    }

    /** Sends this from one side and reads it at the other. */
    void pass(boolean byClient, String bytes) {
        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(() -> side(byClient).send(bytes));
        String read = side(!byClient).read(bytes.length());
        assertThat(read.equals(bytes))
                .as("%d of %d bytes arrive as they are", read.length(), bytes.length())
                .isTrue();
        sending.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        client.close();
        backend.close();
    }
}
