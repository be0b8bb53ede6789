package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Signs out, and is the only place where cookies are cleared. If the tokens do not prove that a session is this
 * client's, its cookies are cleared anyway and the session stays.
 */
@Component
final class SignOutEndpoint {

    private final TokenExtractor extractor;
    private final SignOut signOut;
    private final TokenCookies cookies;
    private final AuthResponses authResponses;

    SignOutEndpoint(TokenExtractor extractor, SignOut signOut, TokenCookies cookies, AuthResponses authResponses) {
        this.extractor = extractor;
        this.signOut = signOut;
        this.cookies = cookies;
        this.authResponses = authResponses;
    }

    /** A cookie that came twice proves nothing: it is cleared in this browser, and ends no other sessions. */
    Mono<ServerResponse> submit(ServerRequest request) {
        return extractor
                .extract(new SpringRequestHead(request.exchange().getRequest()))
                .fold(
                        presented -> end(request, presented),
                        problem -> problem.equals(Problem.REPEATED_COOKIE) && !isEverywhere(request)
                                ? cleared(request)
                                : authResponses.problem(request, problem));
    }

    private static boolean isEverywhere(ServerRequest request) {
        return request.queryParam("everywhere").filter("true"::equals).isPresent();
    }

    private Mono<ServerResponse> end(ServerRequest request, PresentedTokens presented) {
        return isEverywhere(request)
                ? signOut.endAll(presented)
                        .flatMap(outcome ->
                                answer(request, outcome, () -> authResponses.problem(request, Problem.UNAUTHENTICATED)))
                : signOut.end(presented, RevocationReason.SIGNED_OUT)
                        .flatMap(outcome -> answer(request, outcome, () -> cleared(request)));
    }

    private Mono<ServerResponse> answer(
            ServerRequest request, RevokeOutcome outcome, Supplier<Mono<ServerResponse>> unproven) {
        return switch (outcome) {
            case REVOKED -> ended(request);
            case NOT_FOUND -> unproven.get();
            case UNAVAILABLE -> authResponses.problem(request, Problem.UNAVAILABLE);
        };
    }

    /** Clears the browser's cache of the user's pages too, but not what other users of this host stored. */
    private Mono<ServerResponse> ended(ServerRequest request) {
        request.exchange().getResponse().getHeaders().set("Clear-Site-Data", "\"cache\"");
        return cleared(request);
    }

    private Mono<ServerResponse> cleared(ServerRequest request) {
        return RequestBody.isForm(request.exchange().getRequest())
                ? authResponses.redirect(request, ReturnPath.ROOT, cookies.signedOut())
                : authResponses.nothing(cookies.signedOut());
    }
}
