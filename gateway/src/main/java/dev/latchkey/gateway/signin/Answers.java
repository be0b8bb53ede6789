package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The answers of {@code /auth}, none of which a cache may keep. */
@Component
final class Answers {

    private static final String PAGE_POLICY =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
                    + " base-uri 'none'; frame-ancestors 'none'";

    private final ProblemWriter problems;

    Answers(ProblemWriter problems) {
        this.problems = problems;
    }

    /** Writes the problem document in place of a response. */
    Mono<ServerResponse> problem(ServerRequest request, Problem problem) {
        return problems.write(request.exchange(), problem).then(Mono.empty());
    }

    Mono<ServerResponse> json(Map<String, ?> body) {
        return json(body, List.of());
    }

    Mono<ServerResponse> json(Map<String, ?> body, Collection<ResponseCookie> cookies) {
        return ServerResponse.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .contentType(MediaType.APPLICATION_JSON)
                .cookies(all -> cookies.forEach(cookie -> all.add(cookie.getName(), cookie)))
                .bodyValue(body);
    }

    Mono<ServerResponse> redirect(ReturnPath path, Collection<ResponseCookie> cookies) {
        return ServerResponse.status(HttpStatus.SEE_OTHER)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .location(URI.create(path.value()))
                .cookies(all -> cookies.forEach(cookie -> all.add(cookie.getName(), cookie)))
                .build();
    }

    Mono<ServerResponse> nothing(Collection<ResponseCookie> cookies) {
        return ServerResponse.noContent()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookies(all -> cookies.forEach(cookie -> all.add(cookie.getName(), cookie)))
                .build();
    }

    Mono<ServerResponse> page(int status, String html) {
        return page(ServerResponse.status(status), html);
    }

    /** The page in place of the problem document, with its status and its {@code Retry-After}. */
    Mono<ServerResponse> page(Problem problem, String html) {
        ServerResponse.BodyBuilder response = ServerResponse.status(problem.status());
        problem.retryAfter()
                .ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, ProblemWriter.retryAfter(wait)));
        return page(response, html);
    }

    private static Mono<ServerResponse> page(ServerResponse.BodyBuilder response, String html) {
        return response.header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Content-Security-Policy", PAGE_POLICY)
                .header("Referrer-Policy", "same-origin")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .bodyValue(html);
    }
}
