package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No more of a client's body is read than its backend takes, whatever the connection was used for before. */
@AboutTheLane
final class LaneBackPressureIT {

    /** More than what the kernel keeps for all sockets on the way. */
    private static final int BODY = 64 << 20;

    /** A client that could not write for so long is held up, or the machine is, and then this test sees nothing. */
    private static final int PATIENCE_MILLIS = 500;

    private static final ServerSocket SERVER = RawConnection.listen();

    @RegisterExtension
    static final World WORLD =
            new World(Map.of("latchkey.routes.file", BothWays.routes(SERVER).toString()));

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
    }

    private static String request(String method, String way) {
        return method + " /" + way + "/x HTTP/1.1\r\nHost: localhost\r\n"
                + (method.equals("POST") ? "Content-Length: " + BODY + "\r\n\r\n" : "\r\n");
    }

    /** The server reads by itself what follows a request of the chain, until the next one is the chain's. */
    private static void askChain(Client client) throws IOException {
        client.send(request("GET", "chain"));
        try (RawConnection backend = RawConnection.accepted(SERVER)) {
            backend.readUntil("\r\n\r\n");
            backend.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            client.readUntil("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenItsBackendDoesNotReadThenItsClientWaits(String way) throws IOException {
        try (Client client = new Client()) {
            askChain(client);
            client.send(request("POST", way));
            try (RawConnection backend = RawConnection.accepted(SERVER)) {
                backend.readUntil("\r\n\r\n");
                assertThat(client.sent(BODY)).isLessThan(BODY);
                client.leave();
                backend.rest();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void uploadWhenPipelinedBehindOneThatIsNotAnsweredThenItsClientWaits(String way) throws IOException {
        try (Client client = new Client()) {
            askChain(client);
            client.send(request("GET", way) + request("POST", way));
            try (RawConnection backend = RawConnection.accepted(SERVER)) {
                backend.readUntil("\r\n\r\n");
                assertThat(client.sent(BODY)).isLessThan(BODY);
                client.leave();
                backend.rest();
            }
        }
    }

    /** Writes as much as is taken, and no more. */
    private static final class Client implements AutoCloseable {

        private final SocketChannel socket;
        private final Selector selector = Selector.open();

        private Client() throws IOException {
            socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), WORLD.port()));
            // What was not sent yet would keep the connection open.
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }

        private void send(String bytes) throws IOException {
            ByteBuffer all = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
            while (all.hasRemaining()) {
                socket.write(all);
            }
        }

        private void readUntil(String end) throws IOException {
            StringBuilder all = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            while (all.indexOf(end) < 0 && socket.read(buffer) >= 0) {
                all.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
                buffer.clear();
            }
        }

        /** How much of so many bytes was taken until no more was. */
        private int sent(int bytes) throws IOException {
            socket.configureBlocking(false);
            socket.register(selector, SelectionKey.OP_WRITE);
            int sent = 0;
            while (sent < bytes && selector.select(PATIENCE_MILLIS) > 0) {
                selector.selectedKeys().clear();
                sent += socket.write(ByteBuffer.allocate(Math.min(1 << 16, bytes - sent)));
            }
            return sent;
        }

        private void leave() throws IOException {
            selector.close();
            socket.close();
        }

        @Override
        public void close() throws IOException {
            leave();
        }
    }
}
