package dev.latchkey.gateway.pipeline.backend;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.gateway.startup.StartupException;
import java.security.KeyStore;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;

/** Which bundles cannot be used. */
final class SslBundleReaderTests {

    /** Without it, a backend that does not insist on a certificate would see an unknown client. */
    @Test
    void readWhenTheNamedKeyIsNotThereThenRefused() throws Exception {
        SslBundle bundle = SslBundle.of(SslStoreBundle.of(empty(), null, null), SslBundleKey.of(null, "absent"));

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> SslBundleReader.read("own", bundle))
                .withMessageContaining("'own'")
                .withMessageContaining("'absent'");
    }

    /** To trust the platform's authorities instead would open what was closed. */
    @Test
    void readWhenTheTrustStoreHoldsNothingThenRefused() throws Exception {
        SslBundle bundle = SslBundle.of(SslStoreBundle.of(null, null, empty()));

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> SslBundleReader.read("own", bundle))
                .withMessage(
                        "the bundle 'own' of spring.ssl.bundle for backends has a trust store without certificates");
    }

    private static KeyStore empty() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }
}
