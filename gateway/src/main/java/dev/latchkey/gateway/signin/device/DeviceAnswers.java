package dev.latchkey.gateway.signin.device;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.pipeline.DeviceHeaders;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.authentication.NewTokens;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.pipeline.forwarding.RequestAddress;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.proof.ProofJwt;
import dev.latchkey.gateway.proof.ProofKey;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a browser is answered that binds a session or renews it. */
@Component
final class DeviceAnswers {

    private final DeviceHeaders headers;
    private final NewTokensAtCommit newTokens;
    private final TokenCookies cookies;
    private final AuthResponses responses;
    private final RequestAddress addresses;
    private final List<String> origins;
    private final String renewal;

    DeviceAnswers(
            DeviceHeaders headers,
            NewTokensAtCommit newTokens,
            TokenCookies cookies,
            AuthResponses responses,
            RequestAddress addresses,
            PublicOriginsProperties origins,
            EndpointPaths paths) {
        this.headers = headers;
        this.newTokens = newTokens;
        this.cookies = cookies;
        this.responses = responses;
        this.addresses = addresses;
        this.origins = origins.inOrder();
        this.renewal = paths.of(Endpoint.DEVICE_RENEWAL);
    }

    /** Verified off the event loop, as it takes up to a millisecond. */
    static Mono<Boolean> isSignedBy(ProofJwt proof, ProofKey key) {
        return Mono.fromCallable(() -> proof.isSignedBy(key)).subscribeOn(Schedulers.parallel());
    }

    Mono<ServerResponse> problem(ServerRequest request, Problem problem) {
        return responses.problem(request, problem);
    }

    /** There is nothing that could be renewed: the browser forgets its key and asks no more. */
    Mono<ServerResponse> ended() {
        return responses.json(Map.of("continue", false));
    }

    /**
     * The cookies, which one the browser is to renew and where, and the challenge for the next time. Where the cookies
     * may not be set any more, a 503, so that it tries again and lets no held request go without.
     */
    Mono<ServerResponse> renewed(ServerRequest request, DeviceRequest asked, Rotated rotated) {
        return newTokens
                .setNow(request.exchange(), new NewTokens(asked.presented(), rotated))
                .flatMap(isSet -> isSet
                        ? renewed(request, rotated.pair().claims())
                        : responses.problem(request, Problem.UNAVAILABLE));
    }

    private Mono<ServerResponse> renewed(ServerRequest request, AccessClaims claims) {
        headers.challenge(request.exchange(), claims.session(), claims.generation());
        return responses.json(instructions(request, claims));
    }

    private Map<String, Object> instructions(ServerRequest request, AccessClaims claims) {
        String prefix = ExchangeAttribute.LINK_PREFIX.of(request.exchange()).orElse("");
        TokenCookies.Renewed cookie = cookies.renewed();
        Map<String, Object> scope = new LinkedHashMap<>();
        scope.put(
                "origin",
                addresses.origin(
                        origins, new SpringRequestHead(request.exchange().getRequest())));
        scope.put("include_site", false);
        scope.put("scope_specification", List.of());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("session_identifier", claims.session().publicId().value());
        body.put("refresh_url", prefix + renewal);
        body.put("scope", scope);
        body.put(
                "credentials",
                List.of(Map.of("type", "cookie", "name", cookie.name(), "attributes", cookie.attributes())));
        return body;
    }
}
