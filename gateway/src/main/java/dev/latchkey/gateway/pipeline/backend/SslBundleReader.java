package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.BackendTls;
import dev.latchkey.gateway.forwarder.BackendTls.ClientCertificate;
import dev.latchkey.gateway.startup.StartupException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** What the forwarder needs of a bundle: certificates of authorities, the gateway's own with its key, and options. */
final class SslBundleReader {

    private SslBundleReader() {}

    /** @throws StartupException with the name, if a store cannot be read or used */
    static BackendTls read(String name, SslBundle bundle) {
        try {
            return BackendTls.of(trusted(name, bundle), client(name, bundle), offer(bundle.getOptions()));
        } catch (StartupException e) {
            throw e;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new StartupException(
                    said(name) + " cannot be used: " + e.getClass().getSimpleName());
        }
    }

    private static String said(String name) {
        return "the bundle '" + name + "' of spring.ssl.bundle for backends";
    }

    /** Those of its trust store; without one, the platform's are trusted, which an empty one must not mean. */
    private static List<X509Certificate> trusted(String name, SslBundle bundle) throws GeneralSecurityException {
        KeyStore store = bundle.getStores().getTrustStore();
        List<X509Certificate> trusted = new ArrayList<>();
        for (String alias : aliases(store)) {
            if (store != null && store.getCertificate(alias) instanceof X509Certificate certificate) {
                trusted.add(certificate);
            }
        }
        if (store != null && trusted.isEmpty()) {
            throw new StartupException(said(name) + " has a trust store without certificates");
        }
        return trusted;
    }

    private static List<String> aliases(@Nullable KeyStore store) throws GeneralSecurityException {
        return store == null ? List.of() : Collections.list(store.aliases());
    }

    private static BackendTls.Offer offer(SslOptions options) {
        return new BackendTls.Offer(names(options.getEnabledProtocols()), names(options.getCiphers()));
    }

    private static List<String> names(String @Nullable [] given) {
        return given == null ? List.of() : List.of(given);
    }

    /** The key that the bundle names, or its first one. */
    private static Optional<ClientCertificate> client(String name, SslBundle bundle) throws GeneralSecurityException {
        KeyStore store = bundle.getStores().getKeyStore();
        String password = Optional.ofNullable(bundle.getKey().getPassword())
                .orElseGet(() -> bundle.getStores().getKeyStorePassword());
        for (String alias : aliases(store)) {
            boolean isMeant = bundle.getKey().getAlias() == null
                    || bundle.getKey().getAlias().equalsIgnoreCase(alias);
            if (store != null && isMeant && store.isKeyEntry(alias)) {
                PrivateKey key = (PrivateKey) store.getKey(alias, password == null ? null : password.toCharArray());
                List<X509Certificate> chain = Arrays.stream(store.getCertificateChain(alias))
                        .map(X509Certificate.class::cast)
                        .toList();
                return Optional.of(new ClientCertificate(key, chain));
            }
        }
        if (bundle.getKey().getAlias() != null) {
            throw new StartupException(said(name) + " names the key '"
                    + bundle.getKey().getAlias() + "', which its key store does not have");
        }
        return Optional.empty();
    }
}
