package dev.latchkey.gateway.provider.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.transport.Sent.Answered;
import dev.latchkey.gateway.provider.transport.Sent.Lost;
import dev.latchkey.gateway.provider.transport.Sent.Unsent;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What was not sent is told from what may have been: that decides whether a refresh token may be used again. */
final class TransportTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Scheduler scheduler = Schedulers.newBoundedElastic(2, 100, "test-transport", 10, true);
    private final Transport transport = new Transport(scheduler);
    private final StrictProvider server = new StrictProvider();

    @AfterEach
    void close() {
        transport.close();
        server.close();
        scheduler.dispose();
    }

    @Test
    void requestWhenAnsweredThenTheConnectionIsNotUsedAgain() {
        for (int i = 0; i < 2; i++) {
            assertThat(post(server.issuer() + "/token", LIMIT)).isInstanceOf(Answered.class);
        }
        assertThat(server.received("/token"))
                .hasSize(2)
                .allSatisfy(request ->
                        assertThat(request.headers().get("Connection")).isEqualTo("close"));
    }

    @Test
    void requestWhenNotEvenConnectedThenIsUnsent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "https://127.0.0.1:" + silent.getLocalPort() + "/token";
            assertThat(post(address, Duration.ofMillis(500)))
                    .as("during the handshake")
                    .isEqualTo(new Unsent("timed out"));
        }
        assertThat(post("http://no-such-host.invalid/token", LIMIT)).isInstanceOf(Unsent.class);
        String plain = server.issuer().toString().replace("http:", "https:");
        assertThat(post(plain + "/token", LIMIT)).isInstanceOf(Unsent.class);
        assertThat(server.received("/token")).isEmpty();
    }

    @Test
    void requestWhenTheCertificateIsNotTrustedThenIsUnsent(@TempDir Path folder) throws SSLException {
        LocalCertificate own = LocalCertificate.in(folder);
        File certificate = own.certificate().toFile();
        SslContext context =
                SslContextBuilder.forServer(certificate, own.key().toFile()).build();
        AtomicInteger requests = new AtomicInteger();
        DisposableServer tls = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(spec -> spec.sslContext(context))
                .handle((request, response) -> {
                    requests.incrementAndGet();
                    return response.send();
                })
                .bindNow(LIMIT);
        try {
            assertThat(post("https://127.0.0.1:" + tls.port() + "/token", LIMIT))
                    .isInstanceOf(Unsent.class);
            assertThat(requests).hasValue(0);
        } finally {
            tls.disposeNow(LIMIT);
        }
    }

    /** The server asks for a certificate, and both know only each other's own authority. */
    @Test
    void requestWhenABundleIsGivenThenItsTrustAndItsCertificateAreUsed(@TempDir Path folder) throws IOException {
        LocalCertificate own = LocalCertificate.in(folder);
        String certificate = Files.readString(own.certificate());
        SslContext context = SslContextBuilder.forServer(
                        own.certificate().toFile(), own.key().toFile())
                .trustManager(own.certificate().toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        PemSslStoreDetails trusted = PemSslStoreDetails.forCertificate(certificate);
        PemSslStoreDetails shown = trusted.withPrivateKey(Files.readString(own.key()));
        Transport both = transport.secured(SslBundle.of(new PemSslStoreBundle(shown, trusted)));
        Transport silent = transport.secured(SslBundle.of(new PemSslStoreBundle(null, trusted)));
        try (StrictProvider secure = StrictProvider.secured(InstantSource.system(), context)) {
            String address = secure.issuer() + "/token";
            assertThat(post(both, address)).isInstanceOf(Answered.class);
            assertThat(post(transport, address)).isInstanceOf(Unsent.class);
            assertThat(post(silent, address)).isNotInstanceOf(Answered.class);
            assertThat(post(both, address.replace("127.0.0.1", "127.0.0.2")))
                    .as("a certificate for another host")
                    .isEqualTo(new Unsent("SSLHandshakeException"));
            assertThat(secure.received("/token")).hasSize(1);
        }
    }

    private static Sent post(Transport by, String address) {
        return Objects.requireNonNull(
                by.post(URI.create(address), Map.of(), "a=b", LIMIT).block(LIMIT.multipliedBy(2)));
    }

    @Test
    void requestWhenTheAnswerStopsHalfWayOrNeverComesThenIsLost() {
        server.next("/token", ProviderTrouble.answers(200, Map.of("Content-Length", "100"), "half"));
        assertThat(post(server.issuer() + "/token", Duration.ofSeconds(2))).isInstanceOf(Lost.class);
        server.next("/token", ProviderTrouble.closes());
        assertThat(post(server.issuer() + "/token", LIMIT)).isInstanceOf(Lost.class);
        assertThat(server.received("/token")).hasSize(2);
    }

    /** Each byte comes in time, and all of them would take for ever. */
    @Test
    void requestWhenTheAnswerDripsThenIsLostInTime() {
        DisposableServer slow = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.header("Content-Type", "application/json")
                        .send(
                                Flux.interval(Duration.ofMillis(20))
                                        .onBackpressureDrop()
                                        .map(number -> Unpooled.wrappedBuffer(new byte[] {' '})),
                                piece -> true))
                .bindNow(LIMIT);
        try {
            assertThat(post("http://127.0.0.1:" + slow.port() + "/token", Duration.ofSeconds(1)))
                    .isEqualTo(new Lost("timed out"));
        } finally {
            slow.disposeNow(LIMIT);
        }
    }

    @Test
    void requestWhenTheHeadersDoNotEndThenIsLost() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> headersWithoutEnd(server), "headers without an end");
            answering.start();
            assertThat(post("http://127.0.0.1:" + server.getLocalPort() + "/token", LIMIT))
                    .isInstanceOfSatisfying(
                            Lost.class, lost -> assertThat(lost.how()).contains("TooLongHttpHeader"));
        }
    }

    private static void headersWithoutEnd(ServerSocket server) {
        try (Socket connection = server.accept()) {
            OutputStream out = connection.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 1_000_000; i++) {
                out.write(("X-" + i + ": y\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            assertThat(gone).as("the gateway closes the connection").isInstanceOf(SocketException.class);
        }
    }

    /** Any number of them may come before the answer, whether or not they are expected (RFC 9110 section 15.2). */
    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
    void requestWhenInterimAnswersComeThenTheFinalOneCounts(String interim) throws IOException {
        String interims = ("HTTP/1.1 " + interim + "\r\nLink: </x>\r\n\r\n").repeat(2);
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(server, interims + answer), "interim answers");
            answering.start();
            assertThat(post("http://127.0.0.1:" + server.getLocalPort() + "/token", LIMIT))
                    .isInstanceOfSatisfying(Answered.class, sent -> {
                        assertThat(sent.status()).isEqualTo(200);
                        assertThat(sent.body()).isEqualTo("{}");
                    });
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket connection = server.accept()) {
            StringBuilder request = new StringBuilder();
            while (request.indexOf("refresh_token=secret") < 0) {
                request.append((char) connection.getInputStream().read());
            }
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Compression is not asked for, and what comes all the same is not unpacked: ten megabytes in ten kilobytes. */
    @Test
    void requestWhenTheAnswerIsCompressedThenIsNotUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[10 * 1024 * 1024]);
        }
        AtomicReference<String> accepted = new AtomicReference<>();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    accepted.set(request.requestHeaders().get("Accept-Encoding", "none"));
                    return response.header("Content-Encoding", "gzip")
                            .header("Content-Type", "application/json")
                            .sendByteArray(Mono.just(packed.toByteArray()));
                })
                .bindNow(LIMIT);
        try {
            Answered answer = (Answered) post("http://127.0.0.1:" + server.port() + "/token", LIMIT);
            assertThat(answer.body().length()).isLessThanOrEqualTo(packed.size());
            assertThat(accepted).hasValue("none");
        } finally {
            server.disposeNow(LIMIT);
        }
    }

    @Test
    void requestWhenAnsweredWithARedirectThenIsNotFollowed() {
        server.next("/token", ProviderTrouble.answers(307, Map.of("Location", server.issuer() + "/elsewhere"), ""));
        assertThat(post(server.issuer() + "/token", LIMIT))
                .isInstanceOfSatisfying(
                        Answered.class, answer -> assertThat(answer.status()).isEqualTo(307));
        assertThat(server.received("/elsewhere")).isEmpty();
    }

    private Sent post(String address, Duration within) {
        return Objects.requireNonNull(transport
                .post(URI.create(address), Map.of(), "grant_type=refresh_token&refresh_token=secret", within)
                .block(LIMIT.multipliedBy(2)));
    }
}
