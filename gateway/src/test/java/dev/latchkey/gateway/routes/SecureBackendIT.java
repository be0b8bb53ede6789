package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends with TLS, over real sockets: those that show a trusted certificate are served, and no others. */
final class SecureBackendIT {

    private static final String TRUSTED =
            "spring.cloud.gateway.server.webflux.httpclient.ssl.trusted-x509-certificates[0]=";
    private static final String SOCKET = "Connection: Upgrade\r\n";

    private static EchoBackend backend;
    private static RoutedGateway gateway;
    private static RoutedGateway cautious;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        LocalCertificate certificate = LocalCertificate.in(folder);
        backend = EchoBackend.secure(certificate);
        String routes = RoutedGateway.routes("secure-routes.yml").replace("BACKEND", backend.address());
        gateway = new RoutedGateway(
                routes, Files.createDirectory(folder.resolve("trusting")), TRUSTED + certificate.certificate());
        cautious = new RoutedGateway(routes, Files.createDirectory(folder.resolve("cautious")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        cautious.close();
        backend.close();
    }

    @Test
    void getWhenBackendSpeaksHttpsThenServed() {
        assertThat(gateway.get("/https/x?y=1", "")).startsWith("HTTP/1.1 200").contains("GET /https/x?y=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/https/socket", "/wss/socket"})
    void socketWhenBackendSpeaksTlsThenOpened(String target) {
        assertThat(gateway.firstMessage(target, SOCKET)).startsWith("GET " + target);
    }

    @Test
    void getWhenTheCertificateIsNotTrustedThenBadGateway() {
        assertThat(cautious.get("/https/x", "")).startsWith("HTTP/1.1 502").contains("bad-gateway");
    }
}
