package dev.latchkey.gateway.pipeline.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.gateway.forwarder.Endpoint;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Which connections a backend has when a bundle changes; equal endpoints share them. */
final class EndpointsTests {

    private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();

    @Test
    void ofWhenItsBundleChangesThenOtherConnectionsUnlessThatCannotBeUsed(@TempDir Path folder) throws Exception {
        bundles.registerBundle("own", trusting(folder.resolve("one")));
        Endpoints endpoints = new Endpoints(bundles, properties());
        Endpoint before = of(endpoints);
        KeyStore nothing = KeyStore.getInstance("PKCS12");
        nothing.load(null, null);

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> bundles.updateBundle("own", SslBundle.of(SslStoreBundle.of(null, null, nothing))));
        assertThat(of(endpoints)).isEqualTo(before);

        bundles.updateBundle("own", trusting(folder.resolve("two")));
        assertThat(of(endpoints)).isNotEqualTo(before).isEqualTo(of(endpoints));
    }

    private static SslBundle trusting(Path folder) throws IOException {
        LocalCertificate made = LocalCertificate.in(Files.createDirectory(folder));
        return SslBundle.of(new PemSslStoreBundle(
                null,
                PemSslStoreDetails.forCertificate(made.certificate().toUri().toString())));
    }

    private static BackendsProperties properties() {
        return new Binder(new MapConfigurationPropertySource(Map.of("latchkey.backends.ssl-bundle", "own")))
                .bindOrCreate("latchkey.backends", BackendsProperties.class);
    }

    private static Endpoint of(Endpoints endpoints) {
        return endpoints.of(URI.create("https://orders.test"), Optional.empty(), null);
    }
}
