package dev.latchkey.gateway.problem;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes a problem document and ends the exchange. It never touches cookies. */
@Component
public final class ProblemWriter {

    private final ProblemMeters meters;

    /** Counts in this registry. */
    public ProblemWriter(MeterRegistry registry) {
        this.meters = new ProblemMeters(registry);
    }

    /** Sends the problem as {@code application/problem+json}, and counts it. */
    public Mono<Void> write(ServerWebExchange exchange, Problem problem) {
        meters.count(problem);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setCacheControl("no-store");
        problem.retryAfter().ifPresent(wait -> headers.set(HttpHeaders.RETRY_AFTER, retryAfter(wait)));
        if (problem.status() == 401) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, challenge(problem));
        }
        byte[] body = body(problem).getBytes(StandardCharsets.UTF_8);
        headers.setContentLength(body.length);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    /** RFC 6750 section 3: an error code only where a token was presented. */
    private static String challenge(Problem problem) {
        return problem.name().equals("invalid-token") ? "Bearer error=\"invalid_token\"" : "Bearer";
    }

    /** Titles are our own constants: nothing in them needs escaping. */
    private static String body(Problem problem) {
        return "{\"type\":\"urn:latchkey:problem:%s\",\"title\":\"%s\",\"status\":%d}"
                .formatted(problem.name(), problem.title(), problem.status());
    }

    /** Whole seconds, and never too few of them (RFC 9110 section 10.2.3). */
    public static String retryAfter(Duration wait) {
        return Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()));
    }
}
