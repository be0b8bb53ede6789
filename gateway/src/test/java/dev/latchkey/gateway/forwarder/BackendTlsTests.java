package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to backends: whom it believes, what it shows, and when an end is one. */
@ExtendWith(Leaks.class)
final class BackendTlsTests {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Its type, its version, and its length, of which nothing has come. */
    private static final String BEGINNING_OF_RECORD = "\u0017\u0003\u0003\u0001\u0000";

    private static LocalCertificate certificate;
    private static X509Certificate authority;
    private static Calls calls;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        certificate = LocalCertificate.in(folder);
        try (InputStream in = Files.newInputStream(certificate.certificate())) {
            authority =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        calls = Calls.keepingIdle();
    }

    @AfterAll
    static void stop() {
        calls.close();
    }

    private static PrivateKey key() throws Exception {
        String pem = Files.readString(certificate.key()).replaceAll("-----[^-]+-----|\\s", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    }

    private static BackendTls trusting() {
        return BackendTls.of(List.of(authority), Optional.empty());
    }

    private static RawBackend backend(SslContextBuilder settings, SecureScript script) throws IOException {
        JdkSslContext tls = (JdkSslContext) settings.build();
        ServerSocket everywhere = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"));
        return new RawBackend(everywhere, peer -> {
            SSLSocket secure = (SSLSocket) tls.context().getSocketFactory().createSocket(peer.socket(), null, false);
            secure.setUseClientMode(false);
            secure.setEnabledProtocols(
                    tls.newEngine(io.netty.buffer.ByteBufAllocator.DEFAULT).getEnabledProtocols());
            secure.setNeedClientAuth(
                    tls.newEngine(io.netty.buffer.ByteBufAllocator.DEFAULT).getNeedClientAuth());
            script.serve(new RawBackend.Peer(secure, peer.number()), secure, peer);
        });
    }

    private static SslContextBuilder server() {
        return SslContextBuilder.forServer(
                certificate.certificate().toFile(), certificate.key().toFile());
    }

    private static RawBackend answering(SslContextBuilder settings, String answer) throws IOException {
        return backend(settings, (secure, socket, raw) -> {
            while (!secure.readHead().isEmpty()) {
                secure.send(answer);
            }
        });
    }

    private static Recorder get(String host, RawBackend backend, BackendTls tls) {
        return calls.send(Endpoint.secure(host, backend.port(), tls), Calls.request("GET"));
    }

    @Test
    void requestsWhenTheCertificateIsTrustedThenOverOneConnection() throws IOException {
        try (RawBackend backend = answering(server(), OK)) {
            for (int round = 0; round < 5; round++) {
                for (String host : List.of("localhost", "127.0.0.1")) {
                    Recorder recorder = get(host, backend, trusting());
                    assertThat(recorder.told()).containsExactly("head 200", "end");
                    assertThat(recorder.body()).isEqualTo("ok");
                }
            }
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void requestWhenTheCertificateIsNotTrustedThenFails() throws IOException {
        try (RawBackend backend = answering(server(), OK)) {
            BackendTls platform = BackendTls.of(List.of(), Optional.empty());
            Recorder recorder = get("localhost", backend, platform);

            assertThat(recorder.told()).containsExactly("failed TLS");
            assertThat(recorder.failure()).hasMessage("https://localhost:" + backend.port() + " has no trusted TLS");
        }
    }

    @Test
    void requestWhenTheCertificateIsAnothersThenFails() throws IOException {
        try (RawBackend backend = answering(server(), OK)) {
            assertThat(get("127.0.0.2", backend, trusting()).told()).containsExactly("failed TLS");
        }
    }

    /** The platform's own rule would send no name without a dot. */
    @Test
    void handshakeWhenTheHostIsANameThenItIsSent() throws IOException {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        try (RawBackend backend = naming(asked)) {
            assertThat(get("localhost", backend, trusting()).told()).endsWith("end");
            assertThat(get("127.0.0.1", backend, trusting()).told()).endsWith("end");
            assertThat(asked).containsExactly("localhost");
        }
    }

    /** With it, a name is not looked up in search domains; in the certificate and on the wire, it has none. */
    @Test
    void handshakeWhenTheNameEndsWithADotThenItIsSentWithout() throws IOException {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        try (RawBackend backend = naming(asked)) {
            Endpoint rooted = Endpoint.secure("localhost.", backend.port(), trusting())
                    .at(new InetSocketAddress(InetAddress.getLoopbackAddress(), backend.port()));
            assertThat(calls.send(rooted, Calls.request("GET")).told()).endsWith("end");
            assertThat(asked).containsExactly("localhost");
        }
    }

    /** Remembers which names clients ask for. */
    private static RawBackend naming(Set<String> asked) throws IOException {
        return backend(server(), (secure, socket, raw) -> {
            secure.readHead();
            ((ExtendedSSLSession) socket.getSession())
                    .getRequestedServerNames()
                    .forEach(name ->
                            asked.add(new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII)));
            secure.send(OK);
        });
    }

    /** A session that is resumed is as old as the one that it came from; its id is another one in TLS 1.3. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void handshakeWhenThereWasOneThenItsSessionIsResumed(String protocol) throws IOException {
        Set<Long> begun = ConcurrentHashMap.newKeySet();
        try (RawBackend backend = backend(server().protocols(protocol), (secure, socket, raw) -> {
            secure.readHead();
            begun.add(socket.getSession().getCreationTime());
            secure.send(OK.replace("\r\nContent", "\r\nConnection: close\r\nContent"));
            secure.drain();
        })) {
            BackendTls tls = trusting();
            for (int round = 0; round < 3; round++) {
                assertThat(get("localhost", backend, tls).told()).endsWith("end");
            }
            assertThat(backend.connections()).isEqualTo(3);
            assertThat(begun).hasSize(1);
        }
    }

    @Test
    void handshakeWhenTheBackendAsksForACertificateThenOnlyWithOne() throws Exception {
        SslContextBuilder asking = server().trustManager(authority).clientAuth(ClientAuth.REQUIRE);
        try (RawBackend backend = answering(asking, OK)) {
            BackendTls known = BackendTls.of(
                    List.of(authority), Optional.of(new BackendTls.ClientCertificate(key(), List.of(authority))));
            assertThat(get("localhost", backend, known).told()).endsWith("end");

            assertThat(get("localhost", backend, trusting()).told()).allMatch(told -> told.startsWith("failed TLS"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLSv1.3, TLS_AES_256_GCM_SHA384"
    })
    void handshakeWhenAnOfferIsGivenThenNothingElseIsOffered(String protocol, String cipher) throws IOException {
        Set<String> agreed = ConcurrentHashMap.newKeySet();
        try (RawBackend backend = backend(server(), (secure, socket, raw) -> {
            agreed.add(socket.getSession().getProtocol() + " "
                    + socket.getSession().getCipherSuite());
            secure.readHead();
            secure.send(OK);
        })) {
            BackendTls.Offer offer = new BackendTls.Offer(List.of(protocol), List.of(cipher));
            BackendTls tls = BackendTls.of(List.of(authority), Optional.empty(), offer);

            assertThat(get("localhost", backend, tls).told()).endsWith("end");
            assertThat(agreed).containsExactly(protocol + " " + cipher);
            assertThat(tls).isNotEqualTo(trusting());
        }
    }

    @Test
    void settingsWhenNothingOfTheOfferIsKnownThenRefused() {
        BackendTls.Offer unknown = new BackendTls.Offer(List.of(), List.of("TLS_NULL_AND_VOID"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendTls.of(List.of(authority), Optional.empty(), unknown));
    }

    @ParameterizedTest
    @CsvSource({"true, end", "false, failed CLOSED"})
    void answerWhenTheEndOfTheConnectionIsItsEndThenOnlyIfAnnounced(boolean isAnnounced, String end)
            throws IOException {
        try (RawBackend backend = backend(server(), (secure, socket, raw) -> {
            secure.readHead();
            secure.send("HTTP/1.1 200 OK\r\n\r\nsome");
            if (isAnnounced) {
                secure.end();
            } else {
                raw.end();
            }
            raw.drain();
        })) {
            Recorder recorder = get("localhost", backend, trusting());
            assertThat(recorder.told()).containsExactly("head 200", end);
            assertThat(recorder.body()).isEqualTo("some");
        }
    }

    /** What could not be sent behind it says nothing against an answer that is whole. */
    @Test
    void answerWhenItsEndIsAnnouncedWithinTheUploadThenWhole() throws IOException {
        AtomicBoolean isSent = new AtomicBoolean();
        CountDownLatch isHeld = new CountDownLatch(1);
        try (RawBackend backend = backend(server(), (secure, socket, raw) -> {
            secure.readHead();
            isHeld.await();
            secure.send("HTTP/1.1 200 OK\r\n\r\nsome");
            secure.end();
            isSent.set(true);
            raw.drain();
        })) {
            Recorder recorder = new Recorder(true) {
                @Override
                public void content(ByteBuf part) {
                    super.content(part);
                    calls.later(this::sendRest);
                }

                private void sendRest() {
                    exchange().content(Calls.last("rest"));
                }
            };
            Endpoint endpoint = Endpoint.secure("localhost", backend.port(), trusting());
            BackendExchange exchange =
                    calls.begin(endpoint, Calls.request("POST", "Content-Length", "8"), true, Calls.LIMITS, recorder);
            calls.content(exchange, Calls.part("the "));
            Recorder.until(() -> calls.isWritable(exchange));
            // The loop reads the answer and its end at once.
            calls.later(() -> {
                isHeld.countDown();
                Recorder.until(isSent::get);
            });

            assertThat(recorder.told()).endsWith("head 200", "end");
            assertThat(recorder.body()).isEqualTo("some");
        }
    }

    @Test
    void answerWhenLargeThenWhole() throws IOException {
        int length = 3_000_000;
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
        try (RawBackend backend = answering(server(), answer)) {
            for (int round = 0; round < 3; round++) {
                Recorder recorder = get("localhost", backend, trusting());
                assertThat(recorder.told()).containsExactly("head 200", "end");
                assertThat(recorder.bytes()).isEqualTo(length);
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    /** A part of a record says that more is to come, which belongs to nobody. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answerWhenAPartOfARecordComesBehindItThenTheConnectionCloses(boolean isReadWithIt) throws IOException {
        CountDownLatch isAsked = new CountDownLatch(1);
        CountDownLatch isHeld = new CountDownLatch(isReadWithIt ? 1 : 0);
        AtomicBoolean isSent = new AtomicBoolean();
        try (RawBackend backend = backend(server(), (secure, socket, raw) -> {
            while (!secure.readHead().isEmpty()) {
                isAsked.countDown();
                RawBackend.Peer.await(isHeld);
                secure.send(OK);
                raw.send(raw.number() == 1 ? BEGINNING_OF_RECORD : "");
                isSent.set(true);
            }
        })) {
            Recorder first = get("localhost", backend, trusting());
            if (isReadWithIt) {
                Recorder.until(() -> isAsked.getCount() == 0);
                // The loop reads both at once.
                calls.later(() -> {
                    isHeld.countDown();
                    Recorder.until(isSent::get);
                });
            }

            assertThat(first.told()).containsExactly("head 200", "end");
            Recorder.until(() -> backend.open() == 0);
            assertThat(get("localhost", backend, trusting()).told()).containsExactly("head 200", "end");
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void handshakeWhenTheBackendSaysNothingThenFailsInTime() throws IOException {
        try (RawBackend backend = new RawBackend(RawBackend.Peer::drain)) {
            Recorder recorder = new Recorder(true);
            Duration connect = Duration.ofMillis(300);
            calls.begin(
                    Endpoint.secure("localhost", backend.port(), trusting()),
                    Calls.request("GET"),
                    false,
                    new ExchangeLimits(connect, Duration.ofSeconds(30), Duration.ofSeconds(30)),
                    recorder);

            assertThat(recorder.told()).containsExactly("failed CONNECT_TIMEOUT");
            Recorder.until(() -> backend.open() == 0);
        }
    }

    @Test
    void handshakeWhenTheBackendSpeaksNoTlsThenFails() throws IOException {
        try (RawBackend plain = new RawBackend(peer -> {
                    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                    peer.drain();
                });
                RawBackend closing = new RawBackend(peer -> peer.read(10))) {
            assertThat(get("localhost", plain, trusting()).told()).containsExactly("failed TLS");
            assertThat(get("localhost", closing, trusting()).told()).containsExactly("failed TLS");
        }
    }

    @Test
    void settingsWhenTheyAreTheSameThenEqual() throws Exception {
        BackendTls.ClientCertificate own = new BackendTls.ClientCertificate(key(), List.of(authority));

        assertThat(trusting()).isEqualTo(trusting()).hasSameHashCodeAs(trusting());
        assertThat(BackendTls.of(List.of(authority), Optional.of(own))).isNotEqualTo(trusting());
        assertThat(own.toString()).contains("CN=localhost").doesNotContain("Key");
    }

    private interface SecureScript {

        void serve(RawBackend.Peer secure, SSLSocket socket, RawBackend.Peer raw)
                throws IOException, InterruptedException;
    }
}
