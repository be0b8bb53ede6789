package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.reload.RoutesStatus;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends with TLS, over real sockets: those that show a trusted certificate are served, and no others. */
final class SecureBackendIT {

    private static final String PEM = "spring.ssl.bundle.pem.";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String SOCKET = "Connection: Upgrade\r\n";

    private static EchoBackend backend;
    private static EchoBackend mutual;
    private static RoutedGateway gateway;
    private static RoutedGateway cautious;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        LocalCertificate certificate = LocalCertificate.in(folder);
        backend = EchoBackend.secure(certificate);
        mutual = EchoBackend.mutual(certificate);
        String routes = RoutedGateway.routes("secure-routes.yml")
                .replace("BACKEND", backend.address())
                .replace("MUTUAL", mutual.address());
        String[] bundles = {
            PEM + "authority.truststore.certificate=file:" + certificate.certificate(),
            PEM + "old.truststore.certificate=file:" + certificate.certificate(),
            PEM + "old.options.enabled-protocols=TLSv1.1",
            PEM + "identity.truststore.certificate=file:" + certificate.certificate(),
            PEM + "identity.keystore.certificate=file:" + certificate.certificate(),
            PEM + "identity.keystore.private-key=file:" + certificate.key(),
        };
        cautious = new RoutedGateway(routes, Files.createDirectory(folder.resolve("cautious")), bundles);
        gateway = new RoutedGateway(
                routes,
                Files.createDirectory(folder.resolve("trusting")),
                Stream.concat(Arrays.stream(bundles), Stream.of("latchkey.backends.ssl-bundle=authority"))
                        .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        cautious.close();
        backend.close();
        mutual.close();
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

    @Test
    void getWhenTheRouteHasABundleThenItIsTheOneThatCounts() {
        assertThat(cautious.get("/own/x", "")).startsWith("HTTP/1.1 200").contains("GET /own/x");
    }

    @Test
    void getWhenTheBundleAllowsOnlyAVersionThatNobodySpeaksThenBadGateway() {
        assertThat(cautious.get("/old/x", "")).startsWith("HTTP/1.1 502");
    }

    @Test
    void getWhenTheBackendAsksForACertificateThenOnlyThatOfTheBundle() {
        assertThat(cautious.get("/mutual/x", "")).startsWith("HTTP/1.1 200").contains("GET /mutual/x");
        assertThat(cautious.get("/nameless/x", "")).startsWith("HTTP/1.1 502");
    }

    /** What is there, and cannot be used, is found where a route first names it. */
    @Test
    void swapWhenARouteNamesABundleThatCannotBeUsedThenRefusedWithASentence(@TempDir Path folder) throws Exception {
        LocalCertificate.in(folder);
        String routes = "version: 1\nroutes:\n  - { id: a, match: { path: /a }, to: \"https://a.test\","
                + " entry: { access: public } }\n";
        try (RoutedGateway node = new RoutedGateway(
                routes,
                folder,
                "spring.ssl.bundle.jks.broken.keystore.location=file:" + folder.resolve("local.p12"),
                "spring.ssl.bundle.jks.broken.keystore.password=changeit",
                "spring.ssl.bundle.jks.broken.key.alias=absent")) {
            Files.writeString(folder.resolve("routes.yml"), routes.replace("to:", "ssl-bundle: broken, to:"));
            RoutesStatus status = node.context().getBean(RoutesStatus.class);
            await().atMost(LONG).until(() -> !status.report().isGood());

            assertThat(status.report().lastAttempt().errors())
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.message())
                            .startsWith(
                                    "the bundle 'broken' of spring.ssl.bundle for backends names the key 'absent'"));
        }
    }
}
