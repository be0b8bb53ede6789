package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.ProofDemand;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionReader;
import dev.latchkey.gateway.session.SessionReader.Bound;
import dev.latchkey.gateway.signin.ProviderSignOut.Next;
import dev.latchkey.gateway.signin.SignOut.Ending;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Signs out, and is the only place where cookies are cleared. If the tokens do not prove that a session is this
 * client's, its cookies are cleared anyway and the session stays. A client whose proof alone is at fault is told, and
 * can come again.
 */
@Component
final class SignOutEndpoint {

    private final TokenExtractor extractor;
    private final TokenAuthentication authentication;
    private final NewTokensAtCommit newTokens;
    private final ProofDemand proofs;
    private final SignOut signOut;
    private final Rotation rotation;
    private final SessionReader sessions;
    private final ObjectProvider<ProviderSignOut> providers;
    private final Pages pages;
    private final TokenCookies cookies;
    private final AuthResponses authResponses;

    SignOutEndpoint(
            TokenExtractor extractor,
            TokenAuthentication authentication,
            NewTokensAtCommit newTokens,
            ProofDemand proofs,
            SignOut signOut,
            Rotation rotation,
            SessionReader sessions,
            ObjectProvider<ProviderSignOut> providers,
            Pages pages,
            TokenCookies cookies,
            AuthResponses authResponses) {
        this.extractor = extractor;
        this.authentication = authentication;
        this.newTokens = newTokens;
        this.proofs = proofs;
        this.signOut = signOut;
        this.rotation = rotation;
        this.sessions = sessions;
        this.providers = providers;
        this.pages = pages;
        this.cookies = cookies;
        this.authResponses = authResponses;
    }

    /**
     * What must be known before a session can be ended is found out also for a client that does not wait: what is
     * cached is not cancelled with its subscriber.
     */
    Mono<ServerResponse> submit(ServerRequest request) {
        return (isEverywhere(request) ? everywhere(request) : here(request))
                .cache()
                .flatMap(Answer::made);
    }

    /** A cookie that came twice proves nothing: it is cleared in this browser. */
    private Mono<Answer> here(ServerRequest request) {
        return extractor
                .extract(new SpringRequestHead(request.exchange().getRequest()))
                .fold(
                        presented -> DpopProofs.checking(presented.proof(), () -> end(request, presented)),
                        problem -> Mono.just(() -> problem.equals(Problem.REPEATED_COOKIE)
                                ? cleared(request)
                                : authResponses.problem(request, problem)));
    }

    private static boolean isEverywhere(ServerRequest request) {
        return request.queryParam("everywhere").filter("true"::equals).isPresent();
    }

    /** Where a form leads to afterwards: a path of this host, or the start page. */
    private static ReturnPath back(ServerRequest request) {
        return request.queryParam("return").map(ReturnPath::of).orElse(ReturnPath.ROOT);
    }

    private Mono<Answer> end(ServerRequest request, PresentedTokens presented) {
        Optional<RefreshClaims> newest = rotation.newest(presented);
        Optional<RefreshClaims> ofCookies = newest.filter(claims -> presented.fromCookies());
        return next(request, newest)
                .flatMap(next -> signOut.end(presented, newest, RevocationReason.SIGNED_OUT)
                        .map(ending -> () -> next.isPresent() && hasEnded(newest, ending)
                                ? goesOn(request, next.get())
                                : answer(
                                        request,
                                        ending.outcome(),
                                        () -> presented
                                                .faultOfProof()
                                                .map(problem -> authResponses.problem(request, problem))
                                                .orElseGet(() -> unproven(request, ofCookies)))));
    }

    /** Not by an access token of another session, beside which any old refresh token may stand. */
    private static boolean hasEnded(Optional<RefreshClaims> session, Ending ending) {
        return ending.outcome() == RevokeOutcome.REVOKED
                && session.filter(claims -> ending.ended().contains(claims.session()))
                        .isPresent();
    }

    private Mono<ServerResponse> unproven(ServerRequest request, Optional<RefreshClaims> ofCookies) {
        return Mono.justOrEmpty(ofCookies)
                .flatMap(claims -> sessions.bindingOf(claims)
                        .filter(Bound.class::isInstance)
                        .map(bound -> cookies.signedOut(claims)))
                .defaultIfEmpty(cookies.signedOut())
                .flatMap(left -> cleared(request, left));
    }

    /** Takes tokens that are accepted right now, and of a bound session a proof besides. */
    private Mono<Answer> everywhere(ServerRequest request) {
        return authentication
                .authenticate(new SpringRequestHead(request.exchange().getRequest()), false)
                .flatMap(found -> found.fold(
                        caller -> everywhere(request, caller),
                        problem -> Mono.just(() -> {
                            newTokens.register(request.exchange(), found);
                            return authResponses.problem(request, problem);
                        }),
                        problem -> Mono.just(() -> authResponses.problem(request, problem))));
    }

    private Mono<Answer> everywhere(ServerRequest request, AccessClaims caller) {
        return proofs.isMet(request.exchange().getRequest(), caller)
                ? signOut.endAll(caller.subject())
                        .map(outcome -> () ->
                                answer(request, outcome, () -> authResponses.problem(request, Problem.UNAUTHENTICATED)))
                : Mono.just(() -> authResponses.proveFirst(
                        request, proofs.address(request.exchange(), caller), cookies.accessCleared()));
    }

    /** Asked before the session is ended, and used only if that very one was the client's. */
    private Mono<Optional<Next>> next(ServerRequest request, Optional<RefreshClaims> newest) {
        ProviderSignOut provider = providers.getIfAvailable();
        return provider == null
                ? Mono.just(Optional.empty())
                : newest.map(session -> provider.next(request.exchange(), session, back(request)))
                        .orElseGet(() -> Mono.just(Optional.empty()));
    }

    /**
     * By a page and not by a redirect: a policy of {@code form-action 'self'} on the page that sent the form would stop
     * that. A program is told the address.
     */
    private Mono<ServerResponse> goesOn(ServerRequest request, Next next) {
        request.exchange().getResponse().getHeaders().set("Clear-Site-Data", "\"cache\"");
        return RequestBody.isForm(request.exchange().getRequest())
                ? authResponses.page(request, pages.leaving(next), cookies.signedOut())
                : authResponses.json(Map.of("continueAt", next.address().toString()), cookies.signedOut());
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
        return cleared(request, cookies.signedOut());
    }

    private Mono<ServerResponse> cleared(ServerRequest request, List<SetCookie> left) {
        return RequestBody.isForm(request.exchange().getRequest())
                ? authResponses.onward(
                        request, back(request), left, address -> pages.onward("You are signed out", address))
                : authResponses.nothing(left);
    }

    /** What a client is told that still waits. */
    private interface Answer {

        Mono<ServerResponse> made();
    }
}
