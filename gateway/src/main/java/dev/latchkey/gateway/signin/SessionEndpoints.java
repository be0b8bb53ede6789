package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.session.SessionSummary;
import dev.latchkey.gateway.session.UserSessionIndex;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.user.UserDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Users list and end their own sessions. An expired access token is rotated here as on any route. */
@Component
final class SessionEndpoints {

    private final TokenAuthentication authentication;
    private final NewTokensAtCommit newTokens;
    private final UserSessionIndex sessions;
    private final UserDirectory users;
    private final SignOut signOut;
    private final Pages pages;
    private final AuthResponses authResponses;
    private final ReturnPath sessionsPage;
    private final ReturnPath signInAndBack;

    SessionEndpoints(
            TokenAuthentication authentication,
            NewTokensAtCommit newTokens,
            UserSessionIndex sessions,
            UserDirectory users,
            SignOut signOut,
            Pages pages,
            AuthResponses authResponses,
            EndpointPaths paths) {
        this.authentication = authentication;
        this.newTokens = newTokens;
        this.sessions = sessions;
        this.users = users;
        this.signOut = signOut;
        this.pages = pages;
        this.authResponses = authResponses;
        this.sessionsPage = new ReturnPath(paths.of(Endpoint.SESSIONS));
        this.signInAndBack = new ReturnPath(paths.of(Endpoint.SIGN_IN) + "?return=" + sessionsPage.value());
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return authenticated(
                request,
                caller -> listed(request, caller),
                problem -> wantsPage(request)
                        ? authResponses.signIn(
                                request, problem, () -> authResponses.redirect(request, signInAndBack, List.of()))
                        : authResponses.problem(request, problem));
    }

    Mono<ServerResponse> end(ServerRequest request) {
        return authenticated(
                request, caller -> end(request, caller), problem -> authResponses.problem(request, problem));
    }

    private Mono<ServerResponse> authenticated(
            ServerRequest request,
            Function<AccessClaims, Mono<ServerResponse>> signedIn,
            Function<Problem, Mono<ServerResponse>> signedOut) {
        return authentication
                .authenticate(new SpringRequestHead(request.exchange().getRequest()), false)
                .doOnNext(result -> newTokens.register(request.exchange(), result))
                .flatMap(
                        result -> result.fold(signedIn, signedOut, problem -> authResponses.problem(request, problem)));
    }

    private Mono<ServerResponse> listed(ServerRequest request, AccessClaims caller) {
        return sessions.list(caller.subject())
                .flatMap(outcome -> outcome.fold(
                        all -> wantsPage(request) ? page(request, caller, all) : json(caller, all),
                        () -> authResponses.problem(request, Problem.UNAVAILABLE)));
    }

    private Mono<ServerResponse> page(ServerRequest request, AccessClaims caller, List<SessionSummary> all) {
        String name = caller.provider().name().orElse(caller.subject().value());
        boolean hasPassword = users.changesPasswords() && !caller.subject().isOfProvider();
        Optional<String> notice = request.queryParam("changed")
                .filter(what -> hasPassword && what.equals("password"))
                .map(changed -> "Your password was changed. All your other sessions have ended.");
        return authResponses.page(
                request, pages.sessions(name, all, caller.session().publicId(), notice, hasPassword));
    }

    private Mono<ServerResponse> json(AccessClaims caller, List<SessionSummary> all) {
        List<Map<String, Object>> rows = all.stream()
                .map(session -> row(session, caller.session().publicId()))
                .toList();
        return authResponses.json(Map.of("sessions", rows));
    }

    private Mono<ServerResponse> end(ServerRequest request, AccessClaims caller) {
        String wanted = request.pathVariable("sessionId");
        if (!PublicSessionId.isWellFormed(wanted)) {
            return authResponses.problem(request, Problem.NOT_FOUND);
        }
        return signOut.endOwn(caller.subject(), new PublicSessionId(wanted)).flatMap(outcome -> switch (outcome) {
            case REVOKED -> ended(request);
            case NOT_FOUND -> authResponses.problem(request, Problem.NOT_FOUND);
            case UNAVAILABLE -> authResponses.problem(request, Problem.UNAVAILABLE);
        });
    }

    private Mono<ServerResponse> ended(ServerRequest request) {
        return request.path().endsWith("/end")
                ? authResponses.redirect(request, sessionsPage, List.of())
                : authResponses.nothing(List.of());
    }

    private static boolean wantsPage(ServerRequest request) {
        return Navigation.acceptsPage(request.exchange().getRequest());
    }

    private static Map<String, Object> row(SessionSummary session, PublicSessionId current) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("sessionId", session.id().value());
        row.put("current", session.id().equals(current));
        row.put("client", session.client().userAgent());
        row.put("address", session.client().address());
        row.put("createdAt", session.created().toString());
        row.put("lastUsedAt", session.lastUsed().toString());
        row.put("deviceBound", session.deviceBound());
        row.put("expiresAt", session.expires().toString());
        return row;
    }
}
