package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.admin.AdminAction;
import dev.latchkey.gateway.admin.AdminAuthentication;
import dev.latchkey.gateway.admin.AdminAuthentication.AdmittedOperator;
import dev.latchkey.gateway.admin.AdminRecord;
import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.admin.console.ConsolePages.View;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.PageHeaders;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.problem.Result;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Where operators sign in to the console and out of it, both of which the audit log says. */
@Component
@Conditional(AdminSetting.Present.class)
final class ConsoleEntrance {

    private final AdminAuthentication authentication;
    private final OperatorSessions operators;
    private final ConsolePages pages;
    private final PageHeaders headers;
    private final AdminRecord log;
    private final ProblemWriter problems;

    ConsoleEntrance(
            AdminAuthentication authentication,
            OperatorSessions operators,
            ConsolePages pages,
            PageHeaders headers,
            AdminRecord log,
            ProblemWriter problems) {
        this.authentication = authentication;
        this.operators = operators;
        this.pages = pages;
        this.headers = headers;
        this.log = log;
        this.problems = problems;
    }

    /** Instead of the page that somebody wants to see. */
    Mono<ServerResponse> page(ServerRequest request) {
        headers.set(request.exchange());
        return ServerResponse.ok().bodyValue(html(request, Optional.empty()));
    }

    /** Instead of what a form asks for that came without a cookie. */
    Mono<ServerResponse> again(ServerRequest request) {
        return ofThisSite(request, form -> timeIsOver(request));
    }

    private Mono<ServerResponse> timeIsOver(ServerRequest request) {
        return page(
                request, Problem.OPERATOR_UNKNOWN, html(request, Optional.of("Sign in again: your time was over.")));
    }

    Mono<ServerResponse> signIn(ServerRequest request) {
        return ofThisSite(request, form -> signIn(request, form));
    }

    /** Another site's form comes without the cookie, which is of this site only: nobody knows in whose name. */
    private Mono<ServerResponse> ofThisSite(ServerRequest request, Function<ConsoleForm, Mono<ServerResponse>> done) {
        return ConsoleForm.read(request).flatMap(result -> result.fold(done, problem -> refuse(request, problem)));
    }

    private Mono<ServerResponse> refuse(ServerRequest request, Problem problem) {
        if (problem.equals(Problem.CROSS_SITE)) {
            authentication.refuseCrossSite(request.exchange().getRequest());
        }
        return problem(request, problem, () -> html(request, Optional.of(problem.title() + ".")));
    }

    /**
     * Says a problem to a program as a document and to a person on this page: the one that users get leads to what is
     * not on this port.
     */
    Mono<ServerResponse> problem(ServerRequest request, Problem problem, Supplier<String> page) {
        return Navigation.is(request.exchange().getRequest())
                ? page(request, problem, page.get())
                : problems.write(request.exchange(), problem).then(Mono.empty());
    }

    private Mono<ServerResponse> page(ServerRequest request, Problem problem, String html) {
        problems.announce(request.exchange(), problem);
        headers.set(request.exchange());
        return ServerResponse.status(problem.status()).bodyValue(html);
    }

    private Mono<ServerResponse> signIn(ServerRequest request, ConsoleForm form) {
        ServerHttpRequest sent = request.exchange().getRequest();
        Result<AdmittedOperator> admitted = form.field("certificate").isEmpty()
                ? authentication.admit(form.field("token"), AdminAuthentication.address(sent))
                : authentication.admit(sent);
        return admitted.fold(operator -> begin(sent, operator), problem -> notIn(request, problem));
    }

    private Mono<ServerResponse> notIn(ServerRequest request, Problem problem) {
        return page(request, problem, html(request, Optional.of(sentence(problem))));
    }

    private Mono<ServerResponse> begin(ServerHttpRequest request, AdmittedOperator operator) {
        log.succeed(operator.actor(), AdminAction.SIGN_IN);
        return Console.to(Console.root(request.getPath()), operators.begin(operator, request));
    }

    private static String sentence(Problem problem) {
        return problem.waitInWords()
                .map(wait -> "Too many wrong tokens came from your address. " + wait)
                .orElse("That is not the token of an operator.");
    }

    private String html(ServerRequest request, Optional<String> wrong) {
        return pages.signIn(
                Console.root(request.requestPath()),
                authentication.certified(request.exchange().getRequest()),
                wrong);
    }

    Mono<ServerResponse> signOut(ServerRequest request, View view) {
        log.succeed(view.operator().actor(), AdminAction.SIGN_OUT);
        return Console.to(view.root(), operators.end(request.exchange().getRequest()));
    }
}
