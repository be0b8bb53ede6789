package dev.latchkey.gateway.pipeline.backend;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.forwarder.BackendTls;
import dev.latchkey.gateway.forwarder.Endpoint;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.startup.StartupException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Where backends are, and what TLS uses there. What a bundle holds is read again when its files change. */
@Component
public final class Endpoints {

    /** The key under which a route's metadata hold the name of its bundle. */
    public static final String BUNDLE_KEY = "latchkey.ssl-bundle";

    /** The platform's trust store, and no certificate. */
    private static final String PLATFORM = "";

    private static final int MOST = 10_000;

    private final SslBundles bundles;
    private final String usual;
    private final Map<String, BackendTls> tls = new ConcurrentHashMap<>();
    private final Cache<Address, Endpoint> endpoints =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** @throws StartupException if the bundle that the properties name does not exist or cannot be used */
    Endpoints(SslBundles bundles, BackendsProperties properties) {
        this.bundles = bundles;
        this.usual = properties.bundle().orElse(PLATFORM);
        if (!usual.equals(PLATFORM)) {
            tls(usual);
        }
    }

    /** Reads what TLS to these backends needs, so that no request waits for a file. Not for an event loop. */
    public void prepare(Collection<URI> backends, Optional<String> bundle) {
        if (backends.stream().anyMatch(Endpoints::isSecure)) {
            tls(bundle.orElse(usual));
        }
    }

    /** That of the exchange's backend. */
    Endpoint of(ServerWebExchange exchange) {
        URI backend = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        String bundle = (String) RouteMetadata.of(exchange).get(BUNDLE_KEY);
        return of(backend, ExchangeAttribute.BACKEND_FOUND.of(exchange), bundle);
    }

    /**
     * That of a backend.
     *
     * @param found which address of it is meant; none: whichever connects
     * @param bundle that its route names; null if it names none
     */
    public Endpoint of(URI backend, Optional<InetSocketAddress> found, @Nullable String bundle) {
        BackendTls secure = isSecure(backend) ? tls(bundle == null ? usual : bundle) : null;
        Address address = new Address(backend.getHost(), port(backend), found, secure);
        Endpoint known = endpoints.getIfPresent(address);
        return known == null ? endpoints.get(address, Endpoints::made) : known;
    }

    private static Endpoint made(Address address) {
        Endpoint named = address.tls() == null
                ? Endpoint.plain(address.host(), address.port())
                : Endpoint.secure(address.host(), address.port(), address.tls());
        return address.found().map(named::at).orElse(named);
    }

    /** The port of a backend, by its scheme where it names none. */
    public static int port(URI backend) {
        int usual = isSecure(backend) ? 443 : 80;
        return backend.getPort() < 0 ? usual : backend.getPort();
    }

    private static boolean isSecure(URI backend) {
        return backend.getScheme().equals("https") || backend.getScheme().equals("wss");
    }

    private BackendTls tls(String bundle) {
        BackendTls known = tls.get(bundle);
        return known == null ? tls.computeIfAbsent(bundle, this::read) : known;
    }

    private BackendTls read(String bundle) {
        if (bundle.equals(PLATFORM)) {
            return BackendTls.of(List.of(), Optional.empty());
        }
        try {
            BackendTls read = SslBundleReader.read(bundle, bundles.getBundle(bundle));
            bundles.addBundleUpdateHandler(bundle, changed -> {
                tls.put(bundle, SslBundleReader.read(bundle, changed));
                endpoints.invalidateAll();
            });
            return read;
        } catch (NoSuchSslBundleException e) {
            throw new StartupException(
                    "latchkey.backends.ssl-bundle, or a route's ssl-bundle, names '" + bundle
                            + "', which spring.ssl.bundle does not define",
                    "Define it under spring.ssl.bundle.pem or spring.ssl.bundle.jks");
        }
    }

    /** @param tls that was read last: one that is made while a bundle changes is of the old one, and not found again */
    private record Address(
            String host,
            int port,
            Optional<InetSocketAddress> found,
            @Nullable BackendTls tls) {}
}
