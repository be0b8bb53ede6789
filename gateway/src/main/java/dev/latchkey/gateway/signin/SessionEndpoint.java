package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.authentication.SessionLook;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus.SignedIn;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus.SignedOut;
import dev.latchkey.gateway.pipeline.authentication.SessionStatus.Stopped;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.SignInLink;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code GET /auth/session}: who is signed in and for how long, for pages. {@code touch=false} only looks, and
 * {@code optional=true} answers 200 also where nobody is signed in.
 */
@Component
final class SessionEndpoint implements AuthEndpoints {

    private final TokenAuthentication authentication;
    private final NewTokensAtCommit newTokens;
    private final SessionLook look;
    private final SignInLink signInLink;
    private final AuthResponses authResponses;
    private final InstantSource clock;
    private final String path;

    SessionEndpoint(
            TokenAuthentication authentication,
            NewTokensAtCommit newTokens,
            SessionLook look,
            SignInLink signInLink,
            AuthResponses authResponses,
            InstantSource clock,
            EndpointPaths paths) {
        this.authentication = authentication;
        this.newTokens = newTokens;
        this.look = look;
        this.signInLink = signInLink;
        this.authResponses = authResponses;
        this.clock = clock;
        this.path = paths.of(Endpoint.SESSION);
    }

    @Override
    public List<AuthEndpoint> all() {
        return List.of(new AuthEndpoint(AuthEndpoint.READ, path, this::current));
    }

    private Mono<ServerResponse> current(ServerRequest request) {
        Optional<Boolean> touch = flag(request, "touch", true);
        Optional<Boolean> optional = flag(request, "optional", false);
        if (touch.isEmpty() || optional.isEmpty()) {
            return authResponses.problem(request, Problem.malformed("touch and optional are true or false, once"));
        }
        SpringRequestHead head = new SpringRequestHead(request.exchange().getRequest());
        return (touch.get() ? touched(request, head) : look.look(head))
                .flatMap(status -> answer(request, status, optional.get()));
    }

    /** Empty if it is there and is neither; without an equals sign it has no value at all. */
    private static Optional<Boolean> flag(ServerRequest request, String name, boolean otherwise) {
        List<String> values = request.queryParams().getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return Optional.of(otherwise);
        }
        boolean isTrue = "true".equals(values.get(0));
        boolean isFlag = values.size() == 1 && (isTrue || "false".equals(values.get(0)));
        return isFlag ? Optional.of(isTrue) : Optional.empty();
    }

    /** As on any route: an expired access token is rotated. */
    private Mono<SessionStatus> touched(ServerRequest request, SpringRequestHead head) {
        return authentication
                .authenticate(head, false)
                .doOnNext(result -> newTokens.register(request.exchange(), result))
                .flatMap(result -> result.fold(
                        look::ofAccepted,
                        problem -> Mono.just(new SignedOut(problem)),
                        problem -> Mono.just(new Stopped(problem))));
    }

    private Mono<ServerResponse> answer(ServerRequest request, SessionStatus status, boolean isOptional) {
        if (status instanceof SignedIn user) {
            return authResponses.json(session(user));
        }
        if (status instanceof SignedOut nobody) {
            return isOptional
                    ? authResponses.json(nobody(request, nobody.problem()))
                    : authResponses.problem(request, nobody.problem());
        }
        return authResponses.problem(request, ((Stopped) status).problem());
    }

    private Map<String, Object> nobody(ServerRequest request, Problem problem) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("signedIn", false);
        problem.reason().ifPresent(reason -> body.put("reason", reason));
        body.put("signIn", signInLink.of(request.exchange(), problem));
        return body;
    }

    private Map<String, Object> session(SignedIn user) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("signedIn", true);
        body.put("subject", user.subject().value());
        body.put("roles", user.roles().names());
        user.provider().name().ifPresent(name -> body.put("name", name));
        user.provider().email().ifPresent(email -> body.put("email", email));
        user.accessEnd().ifPresent(end -> body.put("expiresAt", end.toString()));
        body.put("sessionId", user.session().publicId().value());
        user.live().ifPresent(live -> {
            body.put("sessionExpiresAt", live.session().expires().toString());
            body.put(
                    "idleExpiresAt",
                    live.idleEnd().truncatedTo(ChronoUnit.SECONDS).toString());
            body.put("deviceBound", live.deviceBound());
        });
        Instant now = user.live().map(live -> live.session().now()).orElseGet(clock::instant);
        body.put("now", now.truncatedTo(ChronoUnit.MILLIS).toString());
        return body;
    }
}
