package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider with a private authority, which asks the gateway for a certificate. */
final class ProviderTlsIT {

    private static final LocalCertificate OWN = certificate();
    private static final StrictProvider PROVIDER = StrictProvider.secured(InstantSource.system(), context());

    @RegisterExtension
    static final World WORLD = new World(properties());

    private static LocalCertificate certificate() {
        try {
            return LocalCertificate.in(Files.createTempDirectory("latchkey-provider"));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static SslContext context() {
        try {
            return SslContextBuilder.forServer(
                            OWN.certificate().toFile(), OWN.key().toFile())
                    .trustManager(OWN.certificate().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
        } catch (SSLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Map<String, Object> properties() {
        Map<String, Object> all = new HashMap<>(TestProviders.properties(PROVIDER));
        String bundle = "spring.ssl.bundle.pem.provider.";
        all.put(bundle + "truststore.certificate", "file:" + OWN.certificate());
        all.put(bundle + "keystore.certificate", "file:" + OWN.certificate());
        all.put(bundle + "keystore.private-key", "file:" + OWN.key());
        all.put("latchkey.providers.strict.ssl-bundle", "provider");
        return all;
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    /** Its metadata was read and an authorization request pushed. */
    @Test
    void providerWhenItsBundleIsNamedThenUsersAreSentToIt() {
        TestProviders.awaitReady(WORLD.browser());
    }

    @Test
    void startWhenTheBundleIsNotDefinedThenFailsWithASentence() {
        Map<String, Object> all = new HashMap<>(WORLD.properties());
        all.putAll(properties());
        all.put("latchkey.providers.strict.ssl-bundle", "nowhere");
        assertThatThrownBy(() -> Gateway.start(all))
                .hasRootCauseInstanceOf(StartupException.class)
                .hasRootCauseMessage("latchkey.providers.strict.ssl-bundle names 'nowhere', which spring.ssl.bundle"
                        + " does not define");
    }
}
