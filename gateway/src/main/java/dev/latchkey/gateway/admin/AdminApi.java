package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemException;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.codec.Hints;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * The endpoints for operators: JSON below {@code /admin/api}, each request with a client certificate or a token in its
 * header. No cookie counts, and no certificate with what a page of another site makes a browser send: so that can do
 * nothing in an operator's name.
 */
@Component
@Conditional(AdminSetting.Present.class)
final class AdminApi {

    private static final String PREFIX = "/admin/api";
    private static final Set<String> NO_PARAMETERS = Set.of();
    private static final Set<String> QUESTIONS = Set.of("token", "sessionId", "user");

    private final AdminAuthentication authentication;
    private final AdminSessions sessions;
    private final AdminExplanations explanations;
    private final AdminDenylist denylist;
    private final AdminEvents events;
    private final AdminUsers users;
    private final AdminRecord log;
    private final ProblemWriter problems;

    AdminApi(
            AdminAuthentication authentication,
            AdminSessions sessions,
            AdminExplanations explanations,
            AdminDenylist denylist,
            AdminEvents events,
            AdminUsers users,
            AdminRecord log,
            ProblemWriter problems) {
        this.authentication = authentication;
        this.sessions = sessions;
        this.explanations = explanations;
        this.denylist = denylist;
        this.events = events;
        this.users = users;
        this.log = log;
        this.problems = problems;
    }

    /** What an operator asks for, once they are known. */
    private interface Operation {

        Mono<ServerResponse> apply(Actor actor, ServerRequest request);
    }

    private record Endpoint(HttpMethod method, String path, AdminAction action, Operation operation) {}

    private List<Endpoint> endpoints() {
        return List.of(
                new Endpoint(HttpMethod.GET, PREFIX + "/sessions", AdminAction.LIST_SESSIONS, this::list),
                new Endpoint(HttpMethod.DELETE, PREFIX + "/sessions", AdminAction.END_SESSIONS_OF_USER, this::endAll),
                new Endpoint(HttpMethod.GET, PREFIX + "/sessions/{sessionId}", AdminAction.SHOW_SESSION, this::show),
                new Endpoint(HttpMethod.DELETE, PREFIX + "/sessions/{sessionId}", AdminAction.END_SESSION, this::end),
                new Endpoint(HttpMethod.POST, PREFIX + "/explain", AdminAction.EXPLAIN, this::explain),
                new Endpoint(HttpMethod.GET, PREFIX + "/denylist", AdminAction.SHOW_DENYLIST, this::denylist),
                new Endpoint(HttpMethod.GET, PREFIX + "/events", AdminAction.LIST_EVENTS, this::events),
                new Endpoint(HttpMethod.DELETE, PREFIX + "/users", AdminAction.ERASE_USER, this::erase));
    }

    RouterFunction<ServerResponse> routes() {
        List<Endpoint> endpoints = endpoints();
        RouterFunctions.Builder routes = RouterFunctions.route();
        endpoints.forEach(endpoint -> routes.route(
                RequestPredicates.method(endpoint.method()).and(RequestPredicates.path(endpoint.path())),
                entered(endpoint.action(), endpoint.operation())));
        endpoints.forEach(endpoint -> routes.route(
                RequestPredicates.path(endpoint.path()),
                entered(AdminAction.NONE, (actor, request) -> notBy(request, endpoints))));
        routes.route(
                RequestPredicates.path(PREFIX + "/**").or(RequestPredicates.path(PREFIX)),
                entered(AdminAction.NONE, (actor, request) -> Mono.error(new ProblemException(Problem.NOT_FOUND))));
        return routes.build();
    }

    private HandlerFunction<ServerResponse> entered(AdminAction action, Operation operation) {
        return request -> authentication
                .of(request.exchange().getRequest())
                .fold(
                        actor -> Mono.defer(() -> operation.apply(actor, request))
                                .onErrorResume(
                                        ProblemException.class,
                                        refused -> refuse(actor, action, request, refused.problem())),
                        problem -> problem(request, problem));
    }

    /** A call that got as far as a service has its line from there. */
    private Mono<ServerResponse> refuse(Actor actor, AdminAction action, ServerRequest request, Problem problem) {
        log.refuse(actor, action, problem);
        return problem(request, problem);
    }

    private Mono<ServerResponse> notBy(ServerRequest request, List<Endpoint> endpoints) {
        List<String> methods = endpoints.stream()
                .filter(endpoint -> RequestPredicates.path(endpoint.path()).test(request))
                .map(endpoint -> endpoint.method().name())
                .toList();
        request.exchange().getResponse().getHeaders().set(HttpHeaders.ALLOW, String.join(", ", methods));
        return Mono.error(new ProblemException(Problem.METHOD_NOT_ALLOWED));
    }

    private Mono<ServerResponse> list(Actor actor, ServerRequest request) {
        Subject subject = AdminRequest.user(AdminRequest.parameters(request, Set.of("user")));
        return answered(request, sessions.ofUser(actor, subject), all -> AdminJson.sessions(subject, all));
    }

    private Mono<ServerResponse> show(Actor actor, ServerRequest request) {
        AdminRequest.parameters(request, NO_PARAMETERS);
        return answered(request, sessions.one(actor, id(request)), AdminJson::session);
    }

    private Mono<ServerResponse> end(Actor actor, ServerRequest request) {
        AdminRequest.parameters(request, NO_PARAMETERS);
        return answered(request, sessions.end(actor, id(request)), AdminJson::session);
    }

    private static PublicSessionId id(ServerRequest request) {
        return AdminRequest.session(request.pathVariable("sessionId"));
    }

    /** Of a user here, or of one at a provider. */
    private Mono<ServerResponse> endAll(Actor actor, ServerRequest request) {
        boolean isOfProvider = request.queryParams().containsKey("provider");
        Map<String, String> parameters =
                AdminRequest.parameters(request, isOfProvider ? Set.of("provider", "sub") : Set.of("user"));
        if (isOfProvider) {
            ProviderName provider = AdminRequest.provider(parameters);
            String sub = AdminRequest.sub(parameters, provider);
            return answered(request, sessions.endAllOf(actor, provider, sub), all -> ended(Optional.empty(), all));
        }
        Subject subject = AdminRequest.user(parameters);
        return answered(request, sessions.endAll(actor, subject), all -> ended(Optional.of(subject), all));
    }

    private static Map<String, Object> ended(Optional<Subject> subject, List<PublicSessionId> all) {
        return AdminJson.ended(subject, all);
    }

    /** The token is in the body, because addresses are written to logs. */
    private Mono<ServerResponse> explain(Actor actor, ServerRequest request) {
        AdminRequest.parameters(request, NO_PARAMETERS);
        return AdminRequest.onlyText(request, QUESTIONS)
                .flatMap(asked ->
                        answered(request, explained(actor, asked.getKey(), asked.getValue()), AdminJson::explanation));
    }

    private Mono<Result<Explanation>> explained(Actor actor, String kind, String asked) {
        return switch (kind) {
            case "token" -> explanations.ofToken(actor, asked);
            case "user" -> explanations.ofUser(actor, AdminRequest.user(Map.of("user", asked)));
            default -> explanations.ofSession(actor, AdminRequest.session(asked));
        };
    }

    private Mono<ServerResponse> denylist(Actor actor, ServerRequest request) {
        Map<String, String> parameters = AdminRequest.parameters(request, Set.of("cursor", "limit"));
        return answered(
                request,
                denylist.page(actor, AdminRequest.mark(parameters), AdminRequest.limit(parameters)),
                AdminJson::denylist);
    }

    private Mono<ServerResponse> events(Actor actor, ServerRequest request) {
        Map<String, String> parameters = AdminRequest.parameters(request, Set.of("user", "session", "before", "limit"));
        return answered(
                request,
                events.page(
                        actor,
                        AdminRequest.query(parameters),
                        AdminRequest.before(parameters),
                        AdminRequest.limit(parameters)),
                AdminJson::events);
    }

    private Mono<ServerResponse> erase(Actor actor, ServerRequest request) {
        Subject subject = AdminRequest.user(AdminRequest.parameters(request, Set.of("user")));
        return answered(request, users.erase(actor, subject), erasure -> AdminJson.erased(subject, erasure));
    }

    private <T> Mono<ServerResponse> answered(
            ServerRequest request, Mono<Result<T>> call, Function<T, Map<String, Object>> document) {
        return call.flatMap(
                result -> result.fold(value -> json(document.apply(value)), problem -> problem(request, problem)));
    }

    /** Not even the framework's own log, at its most talkative level, says what such a body holds. */
    private static Mono<ServerResponse> json(Map<String, Object> document) {
        return ServerResponse.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .contentType(MediaType.APPLICATION_JSON)
                .hint(Hints.SUPPRESS_LOGGING_HINT, true)
                .bodyValue(document);
    }

    private Mono<ServerResponse> problem(ServerRequest request, Problem problem) {
        return problems.writeToOperator(request.exchange(), problem).then(Mono.empty());
    }
}
