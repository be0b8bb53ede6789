package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/**
 * How a request is turned away: a person who navigates is shown the sign-in page, a program gets a problem document.
 */
@Component
final class Refusals {

    private static final String SIGN_IN = "/auth/sign-in?return=";
    private static final int LONGEST_RETURN = 2048;

    private final ProblemWriter problems;

    Refusals(ProblemWriter problems) {
        this.problems = problems;
    }

    /** Ends the exchange with the problem. */
    Mono<Void> refuse(ServerWebExchange exchange, Problem problem) {
        return problems.write(exchange, problem);
    }

    /** Sends a navigation to sign-in and back; everything else gets the 401. */
    Mono<Void> signIn(ServerWebExchange exchange, Problem problem) {
        return isNavigation(exchange.getRequest()) ? redirect(exchange) : refuse(exchange, problem);
    }

    /** Fetch metadata say it; browsers without them are known by what they accept. */
    private static boolean isNavigation(ServerHttpRequest request) {
        if (!HttpMethod.GET.equals(request.getMethod())) {
            return false;
        }
        String mode = request.getHeaders().getFirst("Sec-Fetch-Mode");
        String accept = request.getHeaders().getFirst(HttpHeaders.ACCEPT);
        return mode != null ? mode.equals("navigate") : accept != null && accept.contains("text/html");
    }

    private static Mono<Void> redirect(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        exchange.getResponse().setStatusCode(HttpStatus.FOUND);
        headers.setLocation(URI.create(SIGN_IN + returnPath(exchange.getRequest())));
        headers.setCacheControl("no-store");
        return exchange.getResponse().setComplete();
    }

    private static String returnPath(ServerHttpRequest request) {
        String path = request.getURI().getRawPath();
        String query = request.getURI().getRawQuery();
        String whole = query == null ? path : path + "?" + query;
        return UriUtils.encode(whole.length() > LONGEST_RETURN ? "/" : whole, StandardCharsets.UTF_8);
    }
}
