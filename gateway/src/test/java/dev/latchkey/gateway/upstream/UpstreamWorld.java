package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A strict provider, a Redis, and a node that asks the provider by a client that tests can steer. */
final class UpstreamWorld implements AfterAllCallback {

    private final RedisProcess server = RedisProcess.start();
    private final RedisClient connection = RedisClient.create(server.uri());
    private final RedisCommands<String, String> redis = connection.connect().sync();
    private final StrictProvider provider = new StrictProvider();
    private final StrictProviderClient client = new StrictProviderClient(provider);
    private final UpstreamNode node = openNode();

    /** A further node on the same Redis, which the caller closes. */
    UpstreamNode openNode() {
        return UpstreamNode.open(
                Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", server.port()), client);
    }

    StrictProvider provider() {
        return provider;
    }

    StrictProviderClient client() {
        return client;
    }

    UpstreamNode node() {
        return node;
    }

    RedisCommands<String, String> redis() {
        return redis;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        node.close();
        connection.shutdown();
        provider.close();
        server.close();
    }
}
