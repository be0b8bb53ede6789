package dev.latchkey.gateway.forwarder;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust, and who to be, in TLS to backends. Sessions are resumed. Making one reads the platform's trust store,
 * so it is not made on an event loop. Equal if the settings are.
 */
public final class BackendTls {

    private final List<X509Certificate> trusted;
    private final Optional<ClientCertificate> client;
    private final SslContext context;

    private BackendTls(List<X509Certificate> trusted, Optional<ClientCertificate> client) {
        this.trusted = List.copyOf(trusted);
        this.client = client;
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
            if (!trusted.isEmpty()) {
                builder.trustManager(this.trusted);
            }
            client.ifPresent(own -> builder.keyManager(own.key(), own.chain()));
            this.context = builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("unusable certificates or key", e);
        }
    }

    /**
     * Makes settings, once and for all exchanges.
     *
     * @param trusted certificates of authorities; the platform's trust store if empty
     * @param client what to show a backend that asks for a certificate
     * @throws IllegalArgumentException if a certificate or the key cannot be used
     */
    public static BackendTls of(List<X509Certificate> trusted, Optional<ClientCertificate> client) {
        return new BackendTls(trusted, client);
    }

    SslContext context() {
        return context;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof BackendTls that && trusted.equals(that.trusted) && client.equals(that.client));
    }

    @Override
    public int hashCode() {
        return 31 * trusted.hashCode() + client.hashCode();
    }

    /** The gateway's own certificate, with its chain. */
    public record ClientCertificate(PrivateKey key, List<X509Certificate> chain) {

        public ClientCertificate {
            chain = List.copyOf(chain);
        }

        @Override
        public String toString() {
            return "ClientCertificate[" + chain.get(0).getSubjectX500Principal() + "]";
        }
    }
}
