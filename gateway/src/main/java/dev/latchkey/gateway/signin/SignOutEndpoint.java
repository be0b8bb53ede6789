package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.problem.Problem;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Signs out: the only place where cookies are cleared, and only after the session has ended. */
@Component
final class SignOutEndpoint {

    private final TokenExtractor extractor;
    private final SignOut signOut;
    private final TokenCookies cookies;
    private final Answers answers;

    SignOutEndpoint(TokenExtractor extractor, SignOut signOut, TokenCookies cookies, Answers answers) {
        this.extractor = extractor;
        this.signOut = signOut;
        this.cookies = cookies;
        this.answers = answers;
    }

    Mono<ServerResponse> submit(ServerRequest request) {
        return extractor
                .extract(request.exchange().getRequest())
                .fold(
                        presented -> end(request, presented),
                        reason -> answers.problem(request, Problem.malformed(reason)));
    }

    private Mono<ServerResponse> end(ServerRequest request, PresentedTokens presented) {
        boolean everywhere =
                request.queryParam("everywhere").filter("true"::equals).isPresent();
        return signOut.end(presented, everywhere)
                .flatMap(outcome -> outcome.fold(
                        () -> signedOut(request),
                        () -> answers.problem(request, Problem.unauthenticated()),
                        () -> answers.problem(request, Problem.unavailable())));
    }

    private Mono<ServerResponse> signedOut(ServerRequest request) {
        return RequestBody.isForm(request.exchange().getRequest())
                ? answers.redirect(ReturnPath.ROOT, cookies.signedOut())
                : answers.nothing(cookies.signedOut());
    }
}
