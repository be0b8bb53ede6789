package dev.latchkey.gateway.routes.upstream;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.config.HttpClientFactory;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.config.HttpClientSslConfigurer;
import org.springframework.stereotype.Component;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpResponseDecoderSpec;
import reactor.netty.resources.ConnectionProvider;

/**
 * Makes the client that calls backends, by the framework's properties: over HTTP/1.1, with a guard on each connection.
 * Connection pools of backends that are no longer called are removed; otherwise they, and the request that each was
 * made for, would stay.
 */
@Component
final class BackendClients extends HttpClientFactory {

    private static final Duration LOOK = Duration.ofMinutes(5);

    /** Long, because a call that begins while its pool is being removed fails. */
    private static final Duration UNUSED = Duration.ofHours(1);

    BackendClients(
            HttpClientProperties properties,
            ServerProperties server,
            HttpClientSslConfigurer ssl,
            List<HttpClientCustomizer> customizers) {
        super(properties, server, ssl, customizers);
    }

    @Override
    protected HttpClient createInstance() {
        HttpClient client = super.createInstance().protocol(HttpProtocol.HTTP11);
        HttpResponseDecoderSpec limits = client.configuration().decoder();
        return client.doOnChannelInit((observer, channel, remote) -> AnswerGuard.watch(channel, limits));
    }

    @Override
    protected ConnectionProvider buildConnectionProvider(HttpClientProperties of) {
        return forgetting(super.buildConnectionProvider(of), LOOK, UNUSED);
    }

    /**
     * The same, but pools without connections are removed after a time.
     *
     * @param look how often to check
     */
    static ConnectionProvider forgetting(ConnectionProvider pools, Duration look, Duration unused) {
        ConnectionProvider.Builder builder = pools.mutate();
        return builder == null
                ? pools
                : builder.disposeInactivePoolsInBackground(look, unused).build();
    }
}
