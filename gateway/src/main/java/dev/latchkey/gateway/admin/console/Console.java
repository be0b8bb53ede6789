package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.admin.AdminAction;
import dev.latchkey.gateway.admin.AdminExplanations;
import dev.latchkey.gateway.admin.AdminRecord;
import dev.latchkey.gateway.admin.AdminSessions;
import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.admin.console.ConsolePages.View;
import dev.latchkey.gateway.audit.stream.EventQuery;
import dev.latchkey.gateway.page.PageHeaders;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.RequestPath;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The console: pages below {@code /admin} of the management port that work without script. Each shows what the services
 * for operators answer, which write every call to the audit log, and each form is one of this operator's own pages.
 */
@Component
@Conditional(AdminSetting.Present.class)
final class Console {

    static final String PATH = "/admin";

    private static final Problem NO_USER =
            Problem.malformed("A user has 1 to 300 characters, and no control characters");
    private static final String DONE = "done";

    private final OperatorSessions operators;
    private final ConsoleEntrance entrance;
    private final AdminSessions sessions;
    private final AdminExplanations explanations;
    private final ConsolePages pages;
    private final UserPages users;
    private final EventPages events;
    private final NodePages node;
    private final PageHeaders headers;
    private final AdminRecord log;

    Console(
            OperatorSessions operators,
            ConsoleEntrance entrance,
            AdminSessions sessions,
            AdminExplanations explanations,
            ConsolePages pages,
            UserPages users,
            EventPages events,
            NodePages node,
            PageHeaders headers,
            AdminRecord log) {
        this.operators = operators;
        this.entrance = entrance;
        this.sessions = sessions;
        this.explanations = explanations;
        this.pages = pages;
        this.users = users;
        this.events = events;
        this.node = node;
        this.headers = headers;
        this.log = log;
    }

    /** For the management port. */
    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET(PATH, request -> shown(request, view -> page(request, users.start(view))))
                .GET(PATH + "/assets/console.css", request -> stylesheet())
                .POST(PATH + "/sign-in", entrance::signIn)
                .POST(
                        PATH + "/sign-out",
                        request -> sent(request, AdminAction.SIGN_OUT, (view, form) -> entrance.signOut(request, view)))
                .GET(PATH + "/users", request -> shown(request, view -> sessionsOf(request, view)))
                .POST(
                        PATH + "/users/end",
                        request -> sent(
                                request, AdminAction.END_SESSIONS_OF_USER, (view, form) -> endAll(request, view, form)))
                .GET(PATH + "/session", request -> shown(request, view -> session(request, view)))
                .POST(
                        PATH + "/session/end",
                        request -> sent(request, AdminAction.END_SESSION, (view, form) -> end(request, view, form)))
                .POST(
                        PATH + "/explain",
                        request -> sent(request, AdminAction.EXPLAIN, (view, form) -> explain(request, view, form)))
                .GET(
                        PATH + "/routes",
                        request -> shown(request, view -> ofNode(request, view, AdminAction.SHOW_ROUTES, node::routes)))
                .GET(
                        PATH + "/keys",
                        request -> shown(request, view -> ofNode(request, view, AdminAction.SHOW_KEYS, node::keys)))
                .build();
    }

    /** A page for an operator; anyone else is asked to sign in. */
    private Mono<ServerResponse> shown(ServerRequest request, Function<View, Mono<ServerResponse>> page) {
        return operators
                .find(request.exchange().getRequest())
                .map(operator -> page.apply(new View(root(request.requestPath()), operator)))
                .orElseGet(() -> entrance.page(request));
    }

    /** What a form of an operator's own page asks for. */
    private Mono<ServerResponse> sent(
            ServerRequest request, AdminAction action, BiFunction<View, ConsoleForm, Mono<ServerResponse>> done) {
        Optional<OperatorSession> operator = operators.find(request.exchange().getRequest());
        if (operator.isEmpty()) {
            return entrance.again(request);
        }
        View view = new View(root(request.requestPath()), operator.get());
        return ConsoleForm.read(request)
                .flatMap(result -> result.fold(
                        form -> form.isOf(operator.get())
                                ? done.apply(view, form)
                                : refuse(request, view, action, Problem.CROSS_SITE),
                        problem -> refuse(request, view, action, problem)));
    }

    private Mono<ServerResponse> ofNode(
            ServerRequest request, View view, AdminAction action, Function<View, String> html) {
        return Mono.fromCallable(() -> html.apply(view))
                .subscribeOn(Schedulers.boundedElastic())
                .doOnNext(shown -> log.succeed(view.operator().actor(), action))
                .flatMap(shown -> page(request, shown));
    }

    private Mono<ServerResponse> sessionsOf(ServerRequest request, View view) {
        String user = request.queryParam("user").orElse("").strip();
        if (!Subject.isWellFormed(user)) {
            return refuse(request, view, AdminAction.LIST_SESSIONS, NO_USER);
        }
        Subject subject = Subject.typed(user);
        boolean isAfterEnd = request.queryParam(DONE).isPresent();
        return answered(
                request,
                view,
                sessions.ofUser(view.operator().actor(), subject),
                all -> events.below(request, view, EventQuery.of(subject))
                        .flatMap(shown -> page(request, users.sessions(view, subject, all, isAfterEnd, shown))));
    }

    private Mono<ServerResponse> endAll(ServerRequest request, View view, ConsoleForm form) {
        String user = form.field("user");
        if (!Subject.isWellFormed(user)) {
            return refuse(request, view, AdminAction.END_SESSIONS_OF_USER, NO_USER);
        }
        return answered(
                request,
                view,
                sessions.endAll(view.operator().actor(), new Subject(user)),
                all -> to(
                        view.root() + "/users?user=" + URLEncoder.encode(user, StandardCharsets.UTF_8) + "&done=all"));
    }

    private Mono<ServerResponse> session(ServerRequest request, View view) {
        boolean isAfterEnd = request.queryParam(DONE).isPresent();
        return withId(
                request,
                view,
                AdminAction.SHOW_SESSION,
                request.queryParam("id").orElse("").strip(),
                id -> answered(
                        request,
                        view,
                        sessions.one(view.operator().actor(), id),
                        found -> events.below(request, view, EventQuery.of(id))
                                .flatMap(shown -> page(request, users.session(view, found, isAfterEnd, shown)))));
    }

    private Mono<ServerResponse> end(ServerRequest request, View view, ConsoleForm form) {
        return withId(
                request,
                view,
                AdminAction.END_SESSION,
                form.field("id"),
                id -> answered(
                        request,
                        view,
                        sessions.end(view.operator().actor(), id),
                        ended -> to(view.root() + "/session?id=" + id.value() + "&done=ended")));
    }

    private Mono<ServerResponse> withId(
            ServerRequest request,
            View view,
            AdminAction action,
            String id,
            Function<PublicSessionId, Mono<ServerResponse>> call) {
        return PublicSessionId.isWellFormed(id)
                ? call.apply(new PublicSessionId(id))
                : refuse(request, view, action, Problem.NOT_FOUND);
    }

    private Mono<ServerResponse> explain(ServerRequest request, View view, ConsoleForm form) {
        return answered(
                request,
                view,
                explanations.ofToken(
                        view.operator().actor(), form.field("token").strip()),
                explanation -> page(request, users.explanation(view, explanation)));
    }

    private <T> Mono<ServerResponse> answered(
            ServerRequest request, View view, Mono<Result<T>> call, Function<T, Mono<ServerResponse>> page) {
        return call.flatMap(result -> result.fold(page, problem -> problem(request, view, problem)));
    }

    private Mono<ServerResponse> page(ServerRequest request, String html) {
        headers.set(request.exchange());
        return ServerResponse.ok().bodyValue(html);
    }

    private Mono<ServerResponse> stylesheet() {
        return ServerResponse.ok()
                .contentType(MediaType.parseMediaType("text/css;charset=UTF-8"))
                .header(HttpHeaders.CACHE_CONTROL, "max-age=3600")
                .header("X-Content-Type-Options", "nosniff")
                .bodyValue(pages.stylesheet());
    }

    /** To another page of the console. */
    static Mono<ServerResponse> to(String path, ResponseCookie... cookies) {
        ServerResponse.BodyBuilder answer = ServerResponse.status(HttpStatus.SEE_OTHER)
                .location(URI.create(path))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        for (ResponseCookie cookie : cookies) {
            answer.cookie(cookie);
        }
        return answer.build();
    }

    /** A base path of the management port stands before it. */
    static String root(RequestPath path) {
        return path.contextPath().value() + PATH;
    }

    private Mono<ServerResponse> refuse(ServerRequest request, View view, AdminAction action, Problem problem) {
        log.refuse(view.operator().actor(), action, problem);
        return problem(request, view, problem);
    }

    private Mono<ServerResponse> problem(ServerRequest request, View view, Problem problem) {
        return entrance.problem(request, problem, () -> pages.problem(view, problem));
    }
}
