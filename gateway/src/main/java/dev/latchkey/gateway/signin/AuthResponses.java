package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.PageHeaders;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.RefusedRequests;
import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.TokenPair;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.core.codec.Hints;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The responses of the gateway's own endpoints, none of which a cache may keep. */
@Component
public final class AuthResponses {

    private final ProblemWriter problems;
    private final PageHeaders pageHeaders;
    private final RefusedRequests refusedRequests;

    AuthResponses(ProblemWriter problems, PageHeaders pageHeaders, RefusedRequests refusedRequests) {
        this.problems = problems;
        this.pageHeaders = pageHeaders;
        this.refusedRequests = refusedRequests;
    }

    public Mono<ServerResponse> problem(ServerRequest request, Problem problem) {
        refusedRequests.answered(request.exchange(), problem);
        return problems.writeSignedOut(request.exchange(), problem).then(Mono.empty());
    }

    /** Sends a person to sign in who wants a page of the gateway, unless that has only to show itself anew. */
    public Mono<ServerResponse> signIn(
            ServerRequest request, Problem problem, Supplier<Mono<ServerResponse>> toSignIn) {
        return ProblemWriter.isToComeAgain(request.exchange().getRequest(), problem)
                ? problems.writeToComeAgain(request.exchange()).then(Mono.empty())
                : toSignIn.get();
    }

    /**
     * The problem of a request for tokens. That of a proof is told as an error of OAuth, as clients of RFC 9449
     * (sections 5 and 8) expect it of an endpoint that gives tokens.
     */
    public Mono<ServerResponse> unproven(ServerRequest request, Problem problem) {
        if (problem.equals(Problem.USE_DPOP_NONCE)) {
            return error("use_dpop_nonce", problem.title());
        }
        return problem.equals(Problem.INVALID_DPOP_PROOF)
                ? error("invalid_dpop_proof", problem.title())
                : problem(request, problem);
    }

    /** An error of OAuth (RFC 6749 section 5.2). */
    public Mono<ServerResponse> error(String error, String description) {
        return ServerResponse.status(HttpStatus.BAD_REQUEST)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("error", error, "error_description", description));
    }

    public Mono<ServerResponse> json(Map<String, ?> body) {
        return json(body, List.of());
    }

    /** Not even the framework's own log, at its most talkative level, may say what such a body holds. */
    public Mono<ServerResponse> json(Map<String, ?> body, Collection<SetCookie> cookies) {
        return withCookies(ServerResponse.ok(), cookies)
                .header("X-Content-Type-Options", "nosniff")
                .contentType(MediaType.APPLICATION_JSON)
                .hint(Hints.SUPPRESS_LOGGING_HINT, true)
                .bodyValue(body);
    }

    /** A session has begun, whose tokens are in cookies. */
    public Mono<ServerResponse> begun(TokenPair pair, Collection<SetCookie> cookies) {
        return json(
                Map.of(
                        "subject",
                        pair.claims().subject().value(),
                        "expiresAt",
                        pair.claims().expiresAt().toString()),
                cookies);
    }

    /**
     * The tokens themselves, for clients without cookies (RFC 6749 section 5.1, in our spelling).
     *
     * @param presented what the client holds already, in case no new refresh token was made
     */
    public Mono<ServerResponse> tokens(TokenPair pair, RefreshToken presented) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accessToken", pair.access().value());
        body.put("refreshToken", pair.refresh().orElse(presented).value());
        Duration life = Duration.between(pair.claims().issuedAt(), pair.claims().expiresAt());
        body.put("expiresIn", life.toSeconds());
        body.put("tokenType", pair.claims().boundTo().isPresent() ? TokenHeaders.DPOP : "Bearer");
        return json(body);
    }

    /** To a path of the gateway as the browser sees it, below the prefix that a trusted proxy removed. */
    public Mono<ServerResponse> redirect(ServerRequest request, ReturnPath path, Collection<SetCookie> cookies) {
        return withCookies(ServerResponse.status(HttpStatus.SEE_OTHER), cookies)
                .header(HttpHeaders.LOCATION, address(request, path))
                .build();
    }

    private static String address(ServerRequest request, ReturnPath path) {
        return ExchangeAttribute.LINK_PREFIX.of(request.exchange()).orElse("") + path.value();
    }

    /**
     * To where a form leads. A person gets there by a page: what answers there may redirect to another origin, where a
     * policy of {@code form-action 'self'} on the page that sent the form would stop the browser without a word (CSP
     * Level 3 section 6.4.1). Frames show no page of ours: a form in one is a backend's, and is redirected.
     *
     * @param page makes the page that leads to an address
     */
    Mono<ServerResponse> onward(
            ServerRequest request, ReturnPath path, Collection<SetCookie> cookies, UnaryOperator<String> page) {
        ServerHttpRequest sent = request.exchange().getRequest();
        return Navigation.is(sent) && !Navigation.isInFrame(sent)
                ? page(request, page.apply(address(request, path)), cookies)
                : redirect(request, path, cookies);
    }

    /**
     * A browser without an access cookie proves its key before it sends anything, also what it is to send again: with
     * method and body as they are (RFC 9110 section 15.4.8).
     *
     * @param again where to; empty if it comes from there, and has proven nothing
     */
    public Mono<ServerResponse> proveFirst(ServerRequest request, Optional<String> again, SetCookie accessCleared) {
        return again.map(address -> withCookies(
                                ServerResponse.status(HttpStatus.TEMPORARY_REDIRECT), List.of(accessCleared))
                        .header(HttpHeaders.LOCATION, address)
                        .build())
                .orElseGet(() -> problem(request, Problem.PROOF_MISSING));
    }

    /** To a provider. What it was begun for is in a cookie, and not in the address or in a {@code Referer}. */
    public Mono<ServerResponse> redirect(URI elsewhere, Collection<SetCookie> cookies) {
        return withCookies(ServerResponse.status(HttpStatus.SEE_OTHER), cookies)
                .header("Referrer-Policy", "no-referrer")
                .location(elsewhere)
                .build();
    }

    public Mono<ServerResponse> nothing(Collection<SetCookie> cookies) {
        return withCookies(ServerResponse.status(HttpStatus.NO_CONTENT), cookies)
                .build();
    }

    private static ServerResponse.BodyBuilder withCookies(
            ServerResponse.BodyBuilder response, Collection<SetCookie> cookies) {
        return response.header(HttpHeaders.CACHE_CONTROL, "no-store")
                .headers(headers -> cookies.forEach(cookie -> headers.add(HttpHeaders.SET_COOKIE, cookie.line())));
    }

    public Mono<ServerResponse> page(ServerRequest request, String html) {
        return page(request, ServerResponse.ok(), html);
    }

    public Mono<ServerResponse> page(ServerRequest request, String html, Collection<SetCookie> cookies) {
        return page(request, withCookies(ServerResponse.ok(), cookies), html);
    }

    /** The page in place of the problem document, with its status and the headers that go with it. */
    public Mono<ServerResponse> page(ServerRequest request, Problem problem, String html) {
        return page(request, problem, html, List.of());
    }

    public Mono<ServerResponse> page(
            ServerRequest request, Problem problem, String html, Collection<SetCookie> cookies) {
        problems.announce(request.exchange(), problem);
        return page(request, withCookies(ServerResponse.status(problem.status()), cookies), html);
    }

    private Mono<ServerResponse> page(ServerRequest request, ServerResponse.BodyBuilder response, String html) {
        pageHeaders.set(request.exchange());
        return response.bodyValue(html);
    }
}
