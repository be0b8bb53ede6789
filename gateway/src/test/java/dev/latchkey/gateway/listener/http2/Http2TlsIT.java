package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which protocol a client with TLS gets. */
final class Http2TlsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static LocalCertificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) {
        certificate = LocalCertificate.in(folder);
    }

    private static Gateway node(Map<String, Object> own) {
        Map<String, Object> properties = new HashMap<>(own);
        properties.put("server.ssl.bundle", "front");
        properties.put("spring.ssl.bundle.pem.front.keystore.certificate", "file:" + certificate.certificate());
        properties.put("spring.ssl.bundle.pem.front.keystore.private-key", "file:" + certificate.key());
        return WORLD.startNode(properties);
    }

    private static HttpResponse<String> get(Gateway node, Version wanted) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(certificate.trusted())
                .version(wanted)
                .build();
        URI address = URI.create("https://localhost:" + node.port() + "/open/x");
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientWhenItSpeaksBothThenGetsHttp2(boolean hasLane) throws Exception {
        try (Gateway node = node(Map.of("latchkey.lane.enabled", hasLane))) {
            HttpResponse<String> answer = get(node, Version.HTTP_2);

            assertThat(answer.version()).isEqualTo(Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map()).doesNotContainKeys("connection", "transfer-encoding", "keep-alive");
            assertThat(WORLD.backend().last().headers().get("X-Forwarded-Proto"))
                    .isEqualTo("https");
            assertThat(get(node, Version.HTTP_1_1).version()).isEqualTo(Version.HTTP_1_1);
        }
    }

    /**
     * HTTP/2 forbids it (RFC 9113 section 9.2.1), and each costs the gateway a signature (CVE-2011-1473). Without ALPN,
     * because an assertion of Netty's, which only tests have on, ends it with.
     */
    @Test
    void clientWhenItBeginsAnotherHandshakeThenItIsCutOff() throws Exception {
        try (Gateway node = node(Map.of());
                SSLSocket client =
                        (SSLSocket) certificate.trusted().getSocketFactory().createSocket("localhost", node.port())) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            client.setSoTimeout(10_000);
            client.startHandshake();

            client.startHandshake();

            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> client.getInputStream().readAllBytes());
        }
    }

    @Test
    void clientWhenHttp2IsOffThenGetsHttp11() throws Exception {
        try (Gateway node = node(Map.of("latchkey.http2.enabled", false))) {
            assertThat(get(node, Version.HTTP_2).version()).isEqualTo(Version.HTTP_1_1);
        }
    }
}
