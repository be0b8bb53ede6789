package dev.latchkey.gateway.history;

import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A real backend that says whom it serves; requests to {@code /hold/NUMBER} wait until they are released. */
final class HoldingBackend implements AutoCloseable {

    private static final String HOLD = "/hold/";
    private static final int BEARER = "Bearer ".length();

    private final Map<Integer, Sinks.Empty<Void>> held = new ConcurrentHashMap<>();
    private final IntConsumer arrived;
    private final DisposableServer server;

    /** @param arrived receives the number of each request that waits here */
    HoldingBackend(IntConsumer arrived) {
        this.arrived = arrived;
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(this::answer)
                .bindNow(Duration.ofSeconds(10));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    void release(int number) {
        hold(number).tryEmitEmpty();
        held.remove(number);
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        Mono<Void> answer = response.sendString(Mono.just(caller(request))).then();
        int at = request.uri().indexOf(HOLD);
        if (at < 0) {
            return answer;
        }
        int number = Integer.parseInt(request.uri().substring(at + HOLD.length()));
        Mono<Void> released = hold(number).asMono();
        arrived.accept(number);
        return released.then(answer);
    }

    private Sinks.Empty<Void> hold(int number) {
        return held.computeIfAbsent(number, unused -> Sinks.empty());
    }

    private static String caller(HttpServerRequest request) {
        String authorization = request.requestHeaders().get("Authorization");
        if (authorization == null || authorization.length() < BEARER) {
            return "nobody";
        }
        try {
            return SignedJWT.parse(authorization.substring(BEARER))
                    .getJWTClaimsSet()
                    .getSubject();
        } catch (ParseException failure) {
            return "somebody without a token";
        }
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
