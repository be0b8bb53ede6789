package dev.latchkey.gateway.keys.command;

import dev.latchkey.gateway.keys.DevelopmentKey;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Issuer.Discovery;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import picocli.CommandLine.TypeConversionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What a backend needs of a gateway while it is developed: the public key, the metadata, and tokens of any user. */
final class IdentityServer {

    static final String DEFAULT_PORT = "9000";
    static final String DEFAULT_ISSUER = "http://localhost:" + DEFAULT_PORT;
    static final String MINT = "/mint";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final DevelopmentKey key;
    private final InstantSource clock;
    private final Optional<Issuer> named;

    /** @param named the issuer of the tokens; empty for the address of the server */
    IdentityServer(DevelopmentKey key, InstantSource clock, Optional<Issuer> named) {
        this.key = key;
        this.clock = clock;
        this.named = named;
    }

    /**
     * Answers from when it returns. Signing blocks at first, because it loads native code.
     *
     * @param port 0 for any that is free
     * @throws IllegalArgumentException if the port is taken, or the address is not one of this machine
     */
    DisposableServer start(String address, int port) {
        CompletableFuture<ReactorHttpHandlerAdapter> answers = new CompletableFuture<>();
        try {
            DisposableServer server = HttpServer.create()
                    .host(address)
                    .port(port)
                    .idleTimeout(LIMIT)
                    .requestTimeout(LIMIT)
                    .handle((request, response) -> Mono.fromFuture(answers, true)
                            .flatMap(adapter -> adapter.apply(request, response))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .bindNow(LIMIT);
            answers.complete(answers(issuer(server.port())));
            return server;
        } catch (ChannelBindException refused) {
            throw new IllegalArgumentException("the server cannot listen at " + address + ":" + port, refused);
        }
    }

    private Issuer issuer(int port) {
        return named.orElseGet(() -> new Issuer("http://localhost:" + port));
    }

    private ReactorHttpHandlerAdapter answers(Issuer issuer) {
        IdentityTokenSigner signer = key.signer(issuer, clock);
        RouterFunction<ServerResponse> routes =
                key.published(issuer, clock).andRoute(RequestPredicates.GET(MINT), request -> mint(request, signer));
        return new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes));
    }

    private Mono<ServerResponse> mint(ServerRequest request, IdentityTokenSigner signer) {
        try {
            return text(200, identity(request).token(signer, clock));
        } catch (IllegalArgumentException | TypeConversionException wrong) {
            return text(400, String.valueOf(wrong.getMessage()));
        }
    }

    private static MintedIdentity identity(ServerRequest request) {
        return new MintedIdentity(
                new Subject(needed(request, "subject")),
                MintedIdentity.roles(request.queryParam("roles").orElse("")),
                new Audience(needed(request, "audience")),
                request.queryParam("name"),
                request.queryParam("email"),
                new DurationConverter().convert(request.queryParam("ttl").orElse(MintedIdentity.DEFAULT_TTL)));
    }

    private static String needed(ServerRequest request, String name) {
        return request.queryParam(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new IllegalArgumentException("the parameter '" + name + "' is missing"));
    }

    private static Mono<ServerResponse> text(int status, String text) {
        return ServerResponse.status(status)
                .contentType(MediaType.TEXT_PLAIN)
                .cacheControl(CacheControl.noStore())
                .bodyValue(text + "\n");
    }

    /** What a developer has to know, once it has started. */
    List<String> lines(int port) {
        Issuer issuer = issuer(port);
        String server = "http://localhost:" + port;
        return List.of(
                "issuer     " + issuer.value(),
                "discovery  "
                        + (Discovery.of(issuer).metadata().isEmpty()
                                ? "none, because the issuer is not an address"
                                : server + "/.well-known/openid-configuration"),
                "keys       " + server + EndpointPaths.JWKS,
                "tokens     " + server + MINT + "?subject=ada&roles=customer&audience=orders");
    }
}
