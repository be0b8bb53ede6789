package dev.latchkey.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.BothWays;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that have sent more than they get an answer to, and read slowly: the last answer of a connection arrives
 * whole although the gateway closes the connection behind it (RFC 9112 section 9.6).
 */
final class LastAnswerIT {

    /** Less than the operating system keeps for a client, and much more than {@link #WINDOW}. */
    private static final int BODY = 60_000;

    /** What the client's side of the connection holds. */
    private static final int WINDOW = 4096;

    /** More than both sides' operating systems hold, so that all of it is sent when the gateway closes, or none. */
    private static final byte[] BEHIND =
            "GET /lane/late HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(25_000).getBytes(StandardCharsets.US_ASCII);

    private static final int BURST = 400;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ServerSocket SERVER = RawConnection.listen();

    @RegisterExtension
    static final World WORLD =
            new World(Map.of("latchkey.routes.file", BothWays.routes(SERVER).toString()));

    private static LocalCertificate certificate;
    private static Gateway secure;

    @BeforeAll
    static void start(@TempDir Path folder) {
        certificate = LocalCertificate.in(folder);
        secure = WORLD.startNode(Map.of(
                "server.ssl.bundle",
                "front",
                "spring.ssl.bundle.pem.front.keystore.certificate",
                "file:" + certificate.certificate(),
                "spring.ssl.bundle.pem.front.keystore.private-key",
                "file:" + certificate.key()));
    }

    @AfterAll
    static void stop() throws IOException {
        secure.close();
        SERVER.close();
    }

    private static Socket connect(boolean isSecure) throws IOException, GeneralSecurityException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(WINDOW);
        socket.setSoTimeout((int) LIMIT.toMillis());
        int port = isSecure ? secure.port() : WORLD.port();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (!isSecure) {
            return socket;
        }
        SSLSocket client =
                (SSLSocket) certificate.trusted().getSocketFactory().createSocket(socket, "localhost", port, true);
        client.startHandshake();
        return client;
    }

    @ParameterizedTest
    @CsvSource({
        "lane, HTTP/1.1, false",
        "chain, HTTP/1.1, false",
        "lane, HTTP/1.0, false",
        "chain, HTTP/1.0, false",
        "lane, HTTP/1.1, true",
        "chain, HTTP/1.1, true"
    })
    void answerWhenMoreIsPipelinedBehindItThenWhole(String way, String version, boolean isSecure) throws Exception {
        try (Socket client = connect(isSecure)) {
            send(client, "GET /" + way + "/x " + version + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            CompletableFuture<Void> behind = sendBehind(client);
            try (RawConnection backend = RawConnection.accepted(SERVER)) {
                backend.readUntil("\r\n\r\n");
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n" + "x".repeat(BODY));
                behind.join();

                assertThat(rest(client)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + "x".repeat(BODY));
            }
        }
    }

    /** Its head alone says that it is too long. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusalWhenMoreIsSentBehindItThenWhole(boolean isSecure) throws Exception {
        try (Socket client = connect(isSecure)) {
            send(client, "GET /lane/" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            sendBehind(client).join();

            assertThat(rest(client)).startsWith("HTTP/1.1 414 ").endsWith("}");
        }
    }

    /** More in one read than the codec holds for requests that are not answered; their bodies do not hide them. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void answersWhenManyRequestsWithBodiesArePipelinedThenAllInOrder(String way) {
        StringBuilder burst = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int number = 0; number < BURST; number++) {
            burst.append("POST /").append(way).append("/").append(number).append(" HTTP/1.1\r\nHost: localhost\r\n");
            burst.append(number % 2 == 0 ? "Content-Length: 9" : "Transfer-Encoding: chunked")
                    .append("\r\n\r\n");
            burst.append(number % 2 == 0 ? "\r\n\r\nbody\n" : "9\r\n\r\n\r\nbody\n\r\n0\r\n\r\n");
            expected.append("answer ").append(number).append('\n');
        }
        try (RawConnection client = new RawConnection(WORLD.port())) {
            client.send(burst + RawConnection.get("/" + way + "/last", ""));
            try (RawConnection backend = RawConnection.accepted(SERVER)) {
                for (int number = 0; number < BURST; number++) {
                    assertThat(backend.readUntil("body\n")).contains("/" + number + " HTTP/1.1\r\n");
                    if (number % 2 != 0) {
                        backend.readUntil("0\r\n\r\n");
                    }
                    backend.send(answer(number));
                }
                backend.readUntil("\r\n\r\n");
                backend.send("HTTP/1.1 204 No Content\r\n\r\n");

                assertThat(client.rest().replaceAll("HTTP/1.1 200 OK\r\n(?:.+\r\n)*\r\n", ""))
                        .startsWith(expected + "HTTP/1.1 204 ");
            }
        }
    }

    /** As a head that is malformed is refused. */
    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void answerWhenABodyBehindItIsMalformedThenFollowedByTheRefusal(String way) throws IOException {
        String next = "POST /" + way + "/y HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
        try (RawConnection client = new RawConnection(WORLD.port())) {
            client.send("GET /" + way + "/x HTTP/1.1\r\nHost: localhost\r\n\r\n" + next);
            try (RawConnection backend = RawConnection.accepted(SERVER)) {
                backend.readUntil("\r\n\r\n");
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");

                assertThat(client.answer()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(client.rest()).startsWith("HTTP/1.1 400 ").endsWith("}");
                assertThat(backend.rest()).isEmpty();
            }
        }
        assertThat(isBackendAsked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lane", "chain"})
    void requestWhenTheGatewayEndsTheConnectionBeforeItsTurnThenNotForwarded(String way) throws Exception {
        try (Socket client = connect(true)) {
            String request = "GET /" + way + "/x HTTP/1.1\r\nHost: localhost\r\n\r\n";
            send(client, request + request);
            try (RawConnection backend = RawConnection.accepted(SERVER)) {
                backend.readUntil("\r\n\r\n");
                Channel connection = channelOf(client);
                var unused = connection.close();
                assertThat(rest(client)).isEmpty();
                assertThat(connection.isActive()).as("for a while").isTrue();
                backend.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                connection.closeFuture().sync();

                assertThat(backend.rest()).isEmpty();
            }
        }
        assertThat(isBackendAsked()).isFalse();
    }

    private static Channel channelOf(Socket client) throws ReflectiveOperationException {
        Class<?> owner = Class.forName("dev.latchkey.gateway.shutdown.GracefulShutdown");
        Field connections = owner.getDeclaredField("connections");
        connections.setAccessible(true);
        return ((ChannelGroup) connections.get(secure.bean(owner)))
                .stream()
                        .filter(channel ->
                                ((InetSocketAddress) channel.remoteAddress()).getPort() == client.getLocalPort())
                        .findFirst()
                        .orElseThrow();
    }

    private static String answer(int number) {
        String body = "answer " + number + "\n";
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** On another connection than those that were accepted. */
    private static boolean isBackendAsked() throws IOException {
        SERVER.setSoTimeout(1);
        try (Socket asked = SERVER.accept()) {
            return asked.isConnected();
        } catch (SocketTimeoutException none) {
            return false;
        }
    }

    /** It keeps its side of the connection. */
    @Test
    void connectionWhenItsClientDoesNotCloseThenClosedAfterAMoment() throws Exception {
        double before = WORLD.operator().meter("latchkey_connections");
        try (Socket client = connect(false)) {
            send(client, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(rest(client)).startsWith("HTTP/1.1 404 ");

            await().atMost(LIMIT).until(() -> WORLD.operator().meter("latchkey_connections") <= before);
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Completes when all of it is sent, or no more can be. */
    private static CompletableFuture<Void> sendBehind(Socket client) {
        return CompletableFuture.runAsync(() -> {
            try {
                client.getOutputStream().write(BEHIND);
            } catch (IOException closed) {
                // what was read says how it ended
            }
        });
    }

    private static String rest(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
