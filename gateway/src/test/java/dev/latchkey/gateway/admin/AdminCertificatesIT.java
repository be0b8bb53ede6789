package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Operators who enter with a client certificate. */
final class AdminCertificatesIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    @Test
    void requestWhenTheCertificateIsAnOperatorsThenNoTokenIsNeeded() throws Exception {
        LocalCertificate certificate = LocalCertificate.in(folder);
        try (Gateway node = WORLD.startNode(Map.of(
                "management.server.ssl.certificate", certificate.certificate().toUri(),
                "management.server.ssl.certificate-private-key",
                        certificate.key().toUri(),
                "management.server.ssl.trust-certificate",
                        certificate.certificate().toUri(),
                "management.server.ssl.client-auth", "want",
                "latchkey.admin.client-certificates.tess", "cn=localhost"))) {
            String base = node.managementUrl().replace("http:", "https:");
            OperatorClient tess = new OperatorClient(base, "", client(withKey()));
            assertThat(tess.get("/admin/api/sessions?user=ada").statusCode()).isEqualTo(200);
            assertThat(WORLD.audit().toString()).contains("name=actor, value=tess");
            WORLD.forgetAudit();
            for (String site : List.of("cross-site", "same-site")) {
                HttpResponse<String> led =
                        tess.send(HttpRequest.newBuilder(URI.create(base + "/admin/api/sessions?user=ada"))
                                .header("Sec-Fetch-Site", site));
                assertThat(led.statusCode()).isEqualTo(403);
                assertThat(led.body()).contains("urn:latchkey:problem:cross-site");
            }
            assertThat(WORLD.auditNames()).containsExactly("admin-refused");
            assertThat(tess.send(HttpRequest.newBuilder(URI.create(base + "/admin/api/sessions?user=ada"))
                                    .header("Sec-Fetch-Site", "none"))
                            .statusCode())
                    .isEqualTo(200);
            OperatorClient stranger = new OperatorClient(base, "", client(certificate.trusted()));
            assertThat(stranger.get("/admin/api/sessions?user=ada").body())
                    .contains("urn:latchkey:problem:certificate-required");
            assertThat(stranger.with(OperatorClient.TOKEN)
                            .get("/admin/api/sessions?user=ada")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder().sslContext(context).build();
    }

    /** The server's own certificate serves as the client's. */
    private static SSLContext withKey() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("local.p12"))) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("local"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
