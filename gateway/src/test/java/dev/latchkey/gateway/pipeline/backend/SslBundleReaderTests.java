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
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        SslBundle bundle = SslBundle.of(SslStoreBundle.of(empty, null, null), SslBundleKey.of(null, "absent"));

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> SslBundleReader.read(bundle))
                .withMessageContaining("'absent'");
    }
}
