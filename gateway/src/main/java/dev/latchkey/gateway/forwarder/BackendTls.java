package dev.latchkey.gateway.forwarder;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
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
    private final Offer offer;
    private final SslContext context;
    private final int hash;

    private BackendTls(List<X509Certificate> trusted, Optional<ClientCertificate> client, Offer offer) {
        this.trusted = List.copyOf(trusted);
        this.client = client;
        this.offer = offer;
        this.hash = Objects.hash(trusted, client, offer);
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
            if (!trusted.isEmpty()) {
                builder.trustManager(this.trusted);
            }
            client.ifPresent(own -> builder.keyManager(own.key(), own.chain()));
            this.context = offer.applied(builder).build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("unusable certificates or key", e);
        }
        ReferenceCountUtil.release(context.newEngine(ByteBufAllocator.DEFAULT));
    }

    /**
     * Makes settings, once and for all exchanges.
     *
     * @param trusted certificates of authorities; the platform's trust store if empty
     * @param client what to show a backend that asks for a certificate
     * @throws IllegalArgumentException if a certificate, the key or what is offered cannot be used
     */
    public static BackendTls of(List<X509Certificate> trusted, Optional<ClientCertificate> client, Offer offer) {
        return new BackendTls(trusted, client, offer);
    }

    /** TLS with the versions and ciphers that the platform offers. */
    public static BackendTls of(List<X509Certificate> trusted, Optional<ClientCertificate> client) {
        return of(trusted, client, Offer.USUAL);
    }

    SslContext context() {
        return context;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof BackendTls that
                        && trusted.equals(that.trusted)
                        && client.equals(that.client)
                        && offer.equals(that.offer));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * What a handshake offers, by the names of the JDK; where one is empty, what the platform offers.
     *
     * @param protocols such as {@code TLSv1.3}
     * @param ciphers such as {@code TLS_AES_128_GCM_SHA256}
     */
    public record Offer(List<String> protocols, List<String> ciphers) {

        public static final Offer USUAL = new Offer(List.of(), List.of());

        public Offer {
            protocols = List.copyOf(protocols);
            ciphers = List.copyOf(ciphers);
        }

        private SslContextBuilder applied(SslContextBuilder builder) {
            if (!protocols.isEmpty()) {
                builder.protocols(protocols);
            }
            return ciphers.isEmpty() ? builder : builder.ciphers(ciphers);
        }
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
