package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.pipeline.authorization.RequiredSignIn;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.SignIn;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.problem.SignInLink;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** How a request is rejected: a person who navigates gets the sign-in page, a program gets a problem document. */
@Component
final class ErrorResponses {

    private final ProblemWriter problems;
    private final SignInAddress signIn;
    private final RefusedRequests refusedRequests;

    ErrorResponses(ProblemWriter problems, SignInAddress signIn, RefusedRequests refusedRequests) {
        this.problems = problems;
        this.signIn = signIn;
        this.refusedRequests = refusedRequests;
    }

    /** A browser that is about to bind its session, or to prove it, shows the page anew by itself. */
    Mono<Void> reject(ServerWebExchange exchange, Problem decided) {
        Problem problem = told(exchange, decided);
        refusedRequests.answered(exchange, problem);
        boolean isAwaited = problem.equals(Problem.DEVICE_AWAITED) || problem.equals(Problem.NOT_RENEWED);
        if (isAwaited && Navigation.onlyReads(exchange.getRequest())) {
            problem.retryAfter()
                    .ifPresent(
                            wait -> exchange.getResponse().getHeaders().set("Refresh", ProblemWriter.retryAfter(wait)));
        }
        return problems.write(exchange, problem);
    }

    /**
     * Sends a navigation to sign-in and back; a form gets a page saying that nothing was sent; a program the 401. Where
     * another site's link led to a bound session, whose browser held its cookies back from the renewal, the page shows
     * itself anew.
     */
    Mono<Void> signIn(ServerWebExchange exchange, SignIn asked) {
        Problem problem = asked.problem();
        ServerHttpRequest request = exchange.getRequest();
        if (!told(exchange, problem).equals(problem)) {
            return reject(exchange, problem);
        }
        if (!HttpMethod.GET.equals(request.getMethod()) || !Navigation.is(request)) {
            return problems.writeSignedOut(exchange, problem, wishes(asked.required()));
        }
        return ProblemWriter.isToComeAgain(request, problem)
                ? problems.writeToComeAgain(exchange)
                : signIn.leadingBackTo(exchange, wanted(request))
                        .flatMap(address ->
                                redirect(exchange, address + SignInLink.silence(problem) + wishes(asked.required())));
    }

    /** The session lives, and its browser says that it could not renew it yet: to sign in would not help. */
    private static Problem told(ServerWebExchange exchange, Problem problem) {
        return problem.equals(Problem.PROOF_MISSING)
                        && DeviceHeaders.skippedRenewal(exchange.getRequest().getHeaders())
                ? Problem.NOT_RENEWED
                : problem;
    }

    /** For the provider; that it did so is checked when the user comes back. */
    private static String wishes(RequiredSignIn required) {
        String provider = required.provider().map(name -> "&provider=" + name).orElse("");
        String maxAge =
                required.maxAge().map(age -> "&max_age=" + age.toSeconds()).orElse("");
        String acrValues = required.acrValues().isEmpty()
                ? ""
                : "&acr_values=" + UriUtils.encode(String.join(" ", required.acrValues()), StandardCharsets.UTF_8);
        return provider + maxAge + acrValues;
    }

    private static Mono<Void> redirect(ServerWebExchange exchange, String address) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        exchange.getResponse().setStatusCode(HttpStatus.FOUND);
        headers.set(
                HttpHeaders.LOCATION, ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("") + address);
        headers.setCacheControl("no-store");
        return exchange.getResponse().setComplete();
    }

    /** As the browser sent it, even if that is not a URI. */
    private static String wanted(ServerHttpRequest request) {
        String raw = request.getHeaders().getFirst(RawTarget.HEADER);
        if (raw != null) {
            return raw;
        }
        String path = request.getURI().getRawPath();
        String query = request.getURI().getRawQuery();
        return query == null ? path : path + "?" + query;
    }
}
