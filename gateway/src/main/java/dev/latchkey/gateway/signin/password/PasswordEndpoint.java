package dev.latchkey.gateway.signin.password;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.ProofDemand;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.signin.AuthEndpoint;
import dev.latchkey.gateway.signin.AuthEndpoints;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.user.rules.PasswordRules;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /auth/password}: a user changes their own password, with a page or with JSON. */
@Component
final class PasswordEndpoint implements AuthEndpoints {

    private final TokenAuthentication authentication;
    private final NewTokensAtCommit newTokens;
    private final ProofDemand proofs;
    private final NewPasswords passwords;
    private final PasswordChanger changer;
    private final PasswordAnswers answers;
    private final String path;

    PasswordEndpoint(
            TokenAuthentication authentication,
            NewTokensAtCommit newTokens,
            ProofDemand proofs,
            NewPasswords passwords,
            PasswordChanger changer,
            PasswordAnswers answers,
            EndpointPaths paths) {
        this.authentication = authentication;
        this.newTokens = newTokens;
        this.proofs = proofs;
        this.passwords = passwords;
        this.changer = changer;
        this.answers = answers;
        this.path = paths.of(Endpoint.PASSWORD);
    }

    @Override
    public List<AuthEndpoint> all() {
        return List.of(
                new AuthEndpoint(AuthEndpoint.READ, path, this::show),
                new AuthEndpoint(AuthEndpoint.POST, path, this::submit));
    }

    private Mono<ServerResponse> show(ServerRequest request) {
        return caller(request).flatMap(found -> {
            newTokens.register(request.exchange(), found);
            return found.fold(
                    claims -> passwords
                            .rulesFor(claims)
                            .flatMap(rules -> rules.fold(
                                    known -> answers.page(request, claims, known, Optional.empty()),
                                    problem -> answers.problem(request, problem))),
                    problem -> answers.signedOut(request, problem),
                    problem -> answers.problem(request, problem));
        });
    }

    private Mono<ServerResponse> submit(ServerRequest request) {
        return RequestBody.formOrJson(request.exchange().getRequest())
                .flatMap(body -> caller(request)
                        .flatMap(found -> found.fold(
                                claims -> proofs.isMet(request.exchange().getRequest(), claims)
                                        ? submit(new Submitted(request, body, found, claims))
                                        : answers.proveFirst(request, proofs.address(request.exchange(), claims)),
                                problem -> {
                                    newTokens.register(request.exchange(), found);
                                    return answers.problem(request, problem);
                                },
                                problem -> answers.problem(request, problem))));
    }

    /** What ended a moment ago is asked of Redis: a copied token must not change a password. */
    private Mono<AuthenticationResult> caller(ServerRequest request) {
        return authentication.authenticate(
                new SpringRequestHead(request.exchange().getRequest()), true);
    }

    private Mono<ServerResponse> submit(Submitted form) {
        return passwords
                .rulesFor(form.claims())
                .flatMap(rules -> rules.fold(known -> change(form, known), problem -> {
                    newTokens.register(form.request().exchange(), form.found());
                    return answers.problem(form.request(), problem);
                }));
    }

    /** What a rotation on the way made belongs to the old session, and must not overwrite the new one. */
    private Mono<ServerResponse> change(Submitted form, PasswordRules rules) {
        return passwords
                .chosen(form.body(), form.claims(), rules)
                .fold(
                        choice -> changer.change(form.request(), form.claims(), choice)
                                .flatMap(changed -> changed.fold(
                                        pair -> answers.done(form.request(), form.body(), pair),
                                        problem -> refused(form, rules, problem))),
                        problem -> refused(form, rules, problem));
    }

    private Mono<ServerResponse> refused(Submitted form, PasswordRules rules, Problem problem) {
        newTokens.register(form.request().exchange(), form.found());
        return form.body().isForm()
                ? answers.page(form.request(), form.claims(), rules, Optional.of(problem))
                : answers.problem(form.request(), problem);
    }

    private record Submitted(
            ServerRequest request, RequestBody body, AuthenticationResult found, AccessClaims claims) {}
}
