package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.util.Map;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.server.reactive.HttpHandler;

/** A second port of a gateway, with TLS: all else is that of its first one, and so is all that it knows. */
final class SecureListener implements AutoCloseable {

    private static final String BUNDLE = "front";

    private final WebServer server;

    SecureListener(Gateway gateway) {
        NettyReactiveWebServerFactory factory = gateway.bean(NettyReactiveWebServerFactory.class);
        factory.setSsl(Ssl.forBundle(BUNDLE));
        server = factory.getWebServer(gateway.bean(HttpHandler.class));
        server.start();
    }

    /** What the gateway has to be told of it. */
    static Map<String, Object> properties(LocalCertificate certificate) {
        String store = "spring.ssl.bundle.pem." + BUNDLE + ".keystore.";
        return Map.of(
                store + "certificate", "file:" + certificate.certificate(),
                store + "private-key", "file:" + certificate.key());
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.stop();
    }
}
