package dev.latchkey.gateway.shutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

final class SynFilterTests {

    private static final int MILLIS = 300;

    private final DisposableServer server = TcpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle((in, out) -> out.send(in.receive().retain()))
            .bindNow();

    @BeforeEach
    void requireEpoll() {
        assumeTrue(Epoll.isAvailable(), "only Linux ignores who asks for a connection");
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void portWhenItIsFilteredThenItsConnectionsGoOnAndNoNewOneIsMade() throws IOException {
        try (Socket before = connect()) {
            assertThat(SynFilter.attach(server.channel())).isTrue();
            assertThatThrownBy(this::connect).isInstanceOf(SocketTimeoutException.class);
            assertThat(echo(before, "still here")).isEqualTo("still here");
        }
    }

    @Test
    void portWhenItIsClosedBehindTheFilterThenConnectionsAreRefused() {
        SynFilter.attach(server.channel());
        server.channel().close().awaitUninterruptibly();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), MILLIS);
        return socket;
    }

    private static String echo(Socket socket, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(bytes);
        return new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8);
    }
}
