package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.SafeMethods;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.crosssite.OriginCheck;
import dev.latchkey.gateway.problem.Problem;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** With cookies or without: another site must not sign anybody in or out. */
@Component
final class AuthGuard {

    private final OriginCheck crossSite;
    private final AuthResponses authResponses;

    AuthGuard(OriginCheck crossSite, AuthResponses authResponses) {
        this.crossSite = crossSite;
        this.authResponses = authResponses;
    }

    HandlerFunction<ServerResponse> guarded(HandlerFunction<ServerResponse> handler) {
        return request -> isAllowed(request) ? handler.handle(request) : problem(request, Problem.CROSS_SITE);
    }

    private boolean isAllowed(ServerRequest request) {
        return SafeMethods.contains(request.method().name())
                || crossSite.allows(new SpringRequestHead(request.exchange().getRequest()));
    }

    Mono<ServerResponse> problem(ServerRequest request, Problem problem) {
        return authResponses.problem(request, problem);
    }
}
