package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.Forwarder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.List;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** Makes what speaks to backends. */
@Configuration(proxyBeanMethods = false)
class BackendsConfiguration {

    /** It is closed after the server, which ends before any bean. */
    @Bean
    Forwarder forwarder(BackendsProperties properties) {
        return new Forwarder(properties.settings());
    }

    /**
     * Only for WebSockets, and instead of the framework's. Each has a connection of its own, so that what a backend
     * sends to one user cannot be taken for the answer to another.
     */
    @Bean
    HttpClient webSocketHttpClient(
            BackendsProperties properties, SslBundles bundles, List<HttpClientCustomizer> customizers) {
        HttpClient client = HttpClient.create(ConnectionProvider.newConnection())
                .protocol(HttpProtocol.HTTP11)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        properties.connectTimeout().toMillis())
                .doOnChannelInit((observer, channel, remote) -> HandshakeGuard.watch(channel));
        if (properties.bundle().isPresent()) {
            client = client.secure(spec -> spec.sslContext(
                    context(bundles.getBundle(properties.bundle().get()))));
        }
        for (HttpClientCustomizer customizer : customizers) {
            client = customizer.customize(client);
        }
        return client;
    }

    private static GenericSslContextSpec<SslContextBuilder> context(SslBundle bundle) {
        return Http11SslContextSpec.forClient()
                .configure(builder -> builder.trustManager(bundle.getManagers().getTrustManagerFactory())
                        .keyManager(bundle.getManagers().getKeyManagerFactory()));
    }
}
