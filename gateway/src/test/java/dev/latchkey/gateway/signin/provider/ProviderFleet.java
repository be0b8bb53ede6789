package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.history.NodeProcess;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RecordingBackend;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.StoredSession;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Three nodes on one Redis that live by real clocks: whole gateways in this JVM, or processes of the jar. They know one
 * strict provider by several names, so that trouble with one holds no other back.
 */
final class ProviderFleet implements AutoCloseable {

    static final List<String> NAMES = List.of("strict", "away", "throttled", "refused");

    private static final int NODES = 3;

    private final StrictProvider provider = new StrictProvider();
    private final RedisProcess redis = RedisProcess.start();
    private final RecordingBackend backend = new RecordingBackend();
    private final Resources resources = new Resources();
    private final boolean areProcesses;
    private final List<Node> nodes = new ArrayList<>();

    ProviderFleet(boolean areProcesses) {
        this.areProcesses = areProcesses;
        resources.write(backend.url(), Clock.systemUTC(), List.of("bob"));
        NAMES.forEach(name -> provider.register(URI.create(World.ORIGIN + "/auth/providers/" + name + "/callback")));
        try {
            if (areProcesses) {
                NodeProcess.unpack();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        IntStream.range(0, NODES).forEach(node -> nodes.add(start()));
    }

    private Node start() {
        Map<String, Object> properties = properties();
        Node node;
        if (areProcesses) {
            NodeProcess process =
                    NodeProcess.start(properties, resources.folder().resolve("nodes.log"));
            node = new Node(process.url(), process::kill);
        } else {
            properties.put("server.port", 0);
            Gateway gateway = Gateway.start(properties);
            node = new Node(gateway.url(), gateway::close);
        }
        NAMES.forEach(name -> TestProviders.awaitReady(new Browser(node.url), name));
        return node;
    }

    private Map<String, Object> properties() {
        Map<String, Object> all = new HashMap<>(resources.properties());
        all.put("management.server.port", 0);
        all.put("spring.data.redis.host", "127.0.0.1");
        all.put("spring.data.redis.port", redis.port());
        all.put("latchkey.issuer", World.ISSUER);
        all.put("latchkey.public-origins", World.ORIGIN);
        all.put("latchkey.cookies.prefix", "latchkey-");
        all.put("latchkey.cookies.secure", false);
        for (String name : NAMES) {
            String prefix = "latchkey.providers." + name;
            all.put(prefix + ".issuer", provider.issuer().toString());
            all.put(prefix + ".client-id", StrictProvider.CLIENT);
            all.put(prefix + ".client-secret-file", secret());
            all.put(prefix + ".call-timeout", "5s");
            all.put(prefix + ".lease", "10s");
            all.put(prefix + ".orphan-wait", "1s");
        }
        return all;
    }

    private String secret() {
        try {
            return Files.writeString(resources.folder().resolve("secret"), StrictProvider.SECRET)
                    .toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    StrictProvider provider() {
        return provider;
    }

    String url(int node) {
        return nodes.get(node % NODES).url;
    }

    /** SIGKILL, and another in its place. */
    void kill(int node) {
        assertThat(areProcesses).as("only a process can be killed").isTrue();
        nodes.get(node).end.run();
        nodes.set(node, start());
    }

    /** Someone who has just signed in with the provider of this name, before the first node. */
    Visitor signedIn(String user, String name) {
        provider.signIn(user, TestProviders.ADA);
        Visitor visitor = new Visitor(new Browser(url(0)));
        assertThat(visitor.signIn("/auth/providers/" + name + "?return=%2Fapi%2Fx")
                        .statusCode())
                .isEqualTo(303);
        return visitor;
    }

    StoredSession session(Visitor visitor) {
        return new StoredSession(redis, visitor.browser());
    }

    /**
     * So many requests of one browser at once to all nodes, whose access token has ended; it keeps the first answer.
     * Each must be served.
     */
    void requests(Visitor visitor, int count) {
        Browser stale = stale(visitor);
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, count)
                .mapToObj(number -> {
                    Browser tab = stale.at(url(number));
                    return tab.sendLater(tab.request("/api/x"));
                })
                .toList();
        answers.forEach(answer ->
                assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200));
        visitor.browser().keep(answers.get(0).join());
    }

    /** The browser as it is when its access token has ended. */
    Browser stale(Visitor visitor) {
        Map<String, String> cookies = visitor.browser().jar();
        cookies.remove("latchkey-access");
        Browser browser = visitor.browser().copy();
        browser.putBack(cookies);
        return browser;
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.end.run());
        backend.close();
        provider.close();
        redis.close();
        resources.delete();
    }

    private record Node(String url, Runnable end) {}
}
