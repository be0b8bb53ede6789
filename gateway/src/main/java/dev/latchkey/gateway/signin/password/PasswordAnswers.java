package dev.latchkey.gateway.signin.password;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.page.Template;
import dev.latchkey.gateway.pipeline.DeviceHeaders;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.rules.PasswordRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/** What a user is answered who wants to change their password: pages that work without script, or JSON. */
@Component
final class PasswordAnswers {

    private final Template template = Template.of("signin/password/change.html");
    private final TokenExtractor extractor;
    private final DeviceHeaders device;
    private final TokenCookies cookies;
    private final AuthResponses responses;
    private final ReturnPath sessions;
    private final ReturnPath signInAndBack;

    PasswordAnswers(
            TokenExtractor extractor,
            DeviceHeaders device,
            TokenCookies cookies,
            AuthResponses responses,
            EndpointPaths paths) {
        this.extractor = extractor;
        this.device = device;
        this.cookies = cookies;
        this.responses = responses;
        this.sessions = new ReturnPath(paths.of(Endpoint.SESSIONS) + "?changed=password");
        this.signInAndBack = new ReturnPath(paths.of(Endpoint.SIGN_IN) + "?return=" + paths.of(Endpoint.PASSWORD));
    }

    Mono<ServerResponse> problem(ServerRequest request, Problem problem) {
        return responses.problem(request, problem);
    }

    Mono<ServerResponse> signedOut(ServerRequest request, Problem problem) {
        return Navigation.is(request.exchange().getRequest())
                ? responses.signIn(request, problem, () -> responses.redirect(request, signInAndBack, List.of()))
                : problem(request, problem);
    }

    /** A proof of the key of a bound session comes first, so that a copy of its cookies changes nothing. */
    Mono<ServerResponse> proveFirst(ServerRequest request, Optional<String> address) {
        return responses.proveFirst(request, address, cookies.accessCleared());
    }

    /**
     * The tokens of the new session, as the old ones came: by cookies, or in the body for a client without them. A
     * browser is asked to bind the new one, too.
     */
    Mono<ServerResponse> done(ServerRequest request, RequestBody body, TokenPair pair) {
        boolean hasCookies = body.isForm()
                || extractor
                        .extract(new SpringRequestHead(request.exchange().getRequest()))
                        .fold(presented -> presented.fromCookies(), ambiguous -> true);
        if (!hasCookies) {
            return responses.tokens(pair, new RefreshToken(""));
        }
        device.offer(request.exchange(), pair.claims().session());
        return body.isForm()
                ? responses.redirect(request, sessions, cookies.signedIn(pair))
                : responses.begun(pair, cookies.signedIn(pair));
    }

    /** @param problem why the password was not changed */
    Mono<ServerResponse> page(
            ServerRequest request, AccessClaims caller, PasswordRules rules, Optional<Problem> problem) {
        String html = html(caller, rules, problem);
        return problem.map(wrong -> responses.page(request, wrong, html))
                .orElseGet(() -> responses.page(request, html));
    }

    private String html(AccessClaims caller, PasswordRules rules, Optional<Problem> problem) {
        String subject = caller.subject().value();
        Map<String, String> values = new HashMap<>();
        values.put("subject", HtmlUtils.htmlEscape(subject));
        values.put("name", HtmlUtils.htmlEscape(caller.provider().name().orElse(subject)));
        values.put("length", Integer.toString(rules.minLength()));
        problem.map(Problem::inWords).map(HtmlUtils::htmlEscape).ifPresent(sentence -> {
            values.put("problem-title", "Error: ");
            values.put("alert", "<p class=\"alert\" role=\"alert\" id=\"problem\">" + sentence + "</p>");
            values.put("described", " problem");
        });
        return template.fill(values);
    }
}
