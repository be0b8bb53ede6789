package dev.latchkey.gateway.routes;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Backends of one port, each on an address of its own of 127.0.0.0/8, that answer with their address and the request's
 * {@code Host}.
 */
final class LoopbackBackends implements AutoCloseable {

    private final List<DisposableServer> servers = new ArrayList<>();
    private final Map<String, Set<Channel>> connections = new ConcurrentHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Sinks.Empty<Void> release = Sinks.empty();
    private int port;

    LoopbackBackends(String... addresses) {
        for (String address : addresses) {
            DisposableServer server = HttpServer.create()
                    .host(address)
                    .port(port)
                    .handle((request, response) -> answer(address, request, response))
                    .bindNow(Duration.ofSeconds(10));
            port = server.port();
            servers.add(server);
        }
    }

    private Publisher<Void> answer(String own, HttpServerRequest request, HttpServerResponse response) {
        String host = request.requestHeaders().get("Host");
        request.withConnection(connection -> connections
                .computeIfAbsent(own + " " + host, unused -> ConcurrentHashMap.newKeySet())
                .add(connection.channel()));
        if (failing.contains(own + request.uri())) {
            return response.status(503).send();
        }
        if (request.uri().endsWith("/slow")) {
            waiting.incrementAndGet();
        }
        Mono<Void> until = request.uri().endsWith("/slow") ? release.asMono() : Mono.empty();
        return until.then(Mono.defer(() ->
                response.sendString(Mono.just("at " + own + " for " + host)).then()));
    }

    int port() {
        return port;
    }

    /** How many connections are open to an address that had a request for this host. */
    int connections(String address, String host) {
        return (int) connections.getOrDefault(address + " " + host, Set.of()).stream()
                .filter(Channel::isOpen)
                .count();
    }

    /** Every request to this address for this path is a 503 from now on. */
    void fail(String address, String path) {
        failing.add(address + path);
    }

    /** How many requests for {@code /slow} have come. */
    int waiting() {
        return waiting.get();
    }

    /** Lets them be answered. */
    void release() {
        release.tryEmitEmpty();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.disposeNow(Duration.ofSeconds(5)));
    }
}
