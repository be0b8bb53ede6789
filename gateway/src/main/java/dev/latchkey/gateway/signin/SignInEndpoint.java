package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.DeviceHeaders;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.signin.KeptReturnPaths.Destination;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.UserDirectory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Sign-in of browsers: the page, and what its form or its JSON twin sends. */
@Component
final class SignInEndpoint {

    /** Users whose cookies cannot be checked may sign in again. */
    private static final Set<Problem> PAGE_ANYWAY = Set.of(Problem.REPEATED_COOKIE, Problem.UNAVAILABLE);

    private final TokenAuthentication authentication;
    private final NewTokensAtCommit newTokens;
    private final PresentedCredentials presented;
    private final UserDirectory users;
    private final SignInOffer offer;
    private final SignOut signOut;
    private final KeptReturnPaths returnPaths;
    private final TokenCookies cookies;
    private final DeviceHeaders device;
    private final Pages pages;
    private final AuthResponses authResponses;

    SignInEndpoint(
            TokenAuthentication authentication,
            NewTokensAtCommit newTokens,
            PresentedCredentials presented,
            UserDirectory users,
            SignInOffer offer,
            SignOut signOut,
            KeptReturnPaths returnPaths,
            TokenCookies cookies,
            DeviceHeaders device,
            Pages pages,
            AuthResponses authResponses) {
        this.authentication = authentication;
        this.newTokens = newTokens;
        this.presented = presented;
        this.users = users;
        this.offer = offer;
        this.signOut = signOut;
        this.returnPaths = returnPaths;
        this.cookies = cookies;
        this.device = device;
        this.pages = pages;
        this.authResponses = authResponses;
    }

    /** Shows the page, or redirects a user who is signed in already. */
    Mono<ServerResponse> show(ServerRequest request) {
        return returnPaths.destination(request.exchange().getRequest()).flatMap(back -> show(request, back));
    }

    /**
     * As strictly as any route may look: one that refuses a user whom this page takes for signed in would be a loop.
     */
    private Mono<ServerResponse> show(ServerRequest request, Destination back) {
        return authentication
                .authenticate(new SpringRequestHead(request.exchange().getRequest()), true)
                .doOnNext(result -> newTokens.register(request.exchange(), result))
                .flatMap(result -> result.fold(
                        caller -> signedIn(request, back, caller),
                        signedOut ->
                                authResponses.signIn(request, signedOut, () -> page(request, back, signedOut.reason())),
                        problem -> PAGE_ANYWAY.contains(problem)
                                ? page(request, back, Optional.empty())
                                : authResponses.problem(request, problem)));
    }

    private Mono<ServerResponse> signedIn(ServerRequest request, Destination back, AccessClaims caller) {
        return offer.asksForMore(request, caller)
                .flatMap(isAsked ->
                        isAsked ? onceMore(request, back) : authResponses.redirect(request, back.path(), List.of()));
    }

    private Mono<ServerResponse> page(ServerRequest request, Destination back, Optional<String> ended) {
        return page(request, back, ended, provider -> authResponses.redirect(request, provider, List.of()));
    }

    /**
     * By a page and not by a redirect: this may be the end of redirects that a form began, and a policy of
     * {@code form-action 'self'} on its page would stop at the provider (CSP Level 3 section 6.4.1).
     */
    private Mono<ServerResponse> onceMore(ServerRequest request, Destination back) {
        String prefix = ExchangeAttribute.LINK_PREFIX.of(request.exchange()).orElse("");
        return page(
                request,
                back,
                Optional.empty(),
                provider -> authResponses.page(request, pages.onceMore(prefix + provider.value())));
    }

    private Mono<ServerResponse> page(
            ServerRequest request,
            Destination back,
            Optional<String> ended,
            Function<ReturnPath, Mono<ServerResponse>> toProvider) {
        return offer.direct(request, back)
                .flatMap(direct -> direct.map(toProvider)
                        .orElseGet(() -> authResponses.page(request, pages.signIn(offer.page(request, back, ended)))));
    }

    /** Where no password is accepted, there is nothing here. */
    Mono<ServerResponse> submit(ServerRequest request) {
        return users.acceptsPasswords() ? submitted(request) : authResponses.problem(request, Problem.NOT_FOUND);
    }

    private Mono<ServerResponse> submitted(ServerRequest request) {
        return RequestBody.formOrJson(request.exchange().getRequest())
                .flatMap(body -> body.isForm() ? submitForm(request, body) : submitJson(request, body));
    }

    Mono<ServerResponse> stylesheet(ServerRequest request) {
        return ServerResponse.ok()
                .contentType(MediaType.parseMediaType("text/css;charset=UTF-8"))
                .header("Cache-Control", "max-age=3600")
                .header("X-Content-Type-Options", "nosniff")
                .bodyValue(pages.stylesheet());
    }

    private Mono<ServerResponse> submitForm(ServerRequest request, RequestBody body) {
        ReturnPath back = ReturnPath.of(body.field("return").orElse("/"));
        return presented
                .start(request, body)
                .flatMap(outcome -> outcome.fold(
                        pair -> begun(request, pair)
                                .then(authResponses.onward(
                                        request,
                                        back,
                                        cookies.signedIn(pair),
                                        address -> pages.onward("You are signed in", address))),
                        problem -> authResponses.page(
                                request,
                                problem,
                                pages.signIn(offer.page(back, body.field("attempt"), problem.inWords())))));
    }

    private Mono<Void> begun(ServerRequest request, TokenPair pair) {
        device.offer(request.exchange(), pair.claims().session());
        return signOut.endPrior(request.exchange().getRequest());
    }

    private Mono<ServerResponse> submitJson(ServerRequest request, RequestBody body) {
        return presented
                .start(request, body)
                .flatMap(outcome -> outcome.fold(
                        pair -> begun(request, pair).then(authResponses.begun(pair, cookies.signedIn(pair))),
                        (Problem problem) -> authResponses.problem(request, problem)));
    }
}
