package dev.latchkey.gateway.problem;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.PageHeaders;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.TokenHeaders;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Writes a problem and ends the exchange: as a document for programs, as a page with the same status and type for a
 * person who navigates. It never touches cookies.
 */
@Component
public final class ProblemWriter {

    /** Only that scheme has such errors (RFC 9449 sections 7.1 and 9), whichever the client uses. */
    private static final Set<Problem> OF_DPOP =
            Set.of(Problem.DPOP_REQUIRED, Problem.INVALID_DPOP_PROOF, Problem.USE_DPOP_NONCE);

    private static final int UNAUTHENTICATED = 401;

    /** One counter for each name of a problem, all of which are constants. */
    private final MeterProvider<Counter> counters;

    private final PageHeaders pageHeaders;
    private final ProblemPage page;
    private final SignInLink signInLink;

    public ProblemWriter(MeterRegistry registry, PageHeaders pageHeaders, EndpointPaths paths, SignInLink signInLink) {
        this.counters = Counter.builder("latchkey.problems")
                .description("Problem documents that were sent")
                .withRegistry(registry);
        this.pageHeaders = pageHeaders;
        this.page = new ProblemPage(paths);
        this.signInLink = signInLink;
    }

    /** Counts a problem that is sent by other means. */
    public void count(Problem problem) {
        counters.withTag("problem", problem.name()).increment();
    }

    /**
     * Sends the problem and counts it. A 401 is a document for every client; {@link #writeSignedOut} lets a person sign
     * in.
     */
    public Mono<Void> write(ServerWebExchange exchange, Problem problem) {
        return write(exchange, problem, "");
    }

    /** The same where no user can sign in, as on the management port: a 401 does not say where. */
    public Mono<Void> writeToOperator(ServerWebExchange exchange, Problem problem) {
        return problem.status() == UNAUTHENTICATED
                ? sendDocument(exchange, problem, problem.json(requestId(exchange)))
                : write(exchange, problem);
    }

    private Mono<Void> write(ServerWebExchange exchange, Problem problem, String wishes) {
        return problem.status() != UNAUTHENTICATED && Navigation.is(exchange.getRequest())
                ? writePage(exchange, problem, "")
                : writeDocument(exchange, problem, wishes);
    }

    /** The same if a person may sign in: a form that was sent after its session had ended gets a page that says so. */
    public Mono<Void> writeSignedOut(ServerWebExchange exchange, Problem problem) {
        return writeSignedOut(exchange, problem, "");
    }

    /**
     * The same for a sign-in of a certain kind.
     *
     * @param wishes what the address of the sign-in page asks for, each parameter with its {@code &} before it
     */
    public Mono<Void> writeSignedOut(ServerWebExchange exchange, Problem problem, String wishes) {
        ServerHttpRequest request = exchange.getRequest();
        return Navigation.is(request) && !Navigation.onlyReads(request)
                ? writePage(exchange, problem, SignInLink.silence(problem) + wishes)
                : write(exchange, problem, wishes);
    }

    /**
     * Whether a page that shows itself anew helps where a sign-in would not: another site's link led to a session that
     * is bound to a device, and its browser held its cookies back from the renewal. Once, as the page is of this site.
     */
    public static boolean isToComeAgain(ServerHttpRequest request, Problem problem) {
        return problem.equals(Problem.PROOF_MISSING)
                && HttpMethod.GET.equals(request.getMethod())
                && Navigation.is(request)
                && Navigation.isFromElsewhere(request);
    }

    /** Writes the page that {@link #isToComeAgain} speaks of, which loads itself again at once. */
    public Mono<Void> writeToComeAgain(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set("Refresh", "0");
        return write(exchange, Problem.PROOF_AWAITED);
    }

    private Mono<Void> writePage(ServerWebExchange exchange, Problem problem, String wishes) {
        ServerHttpRequest request = exchange.getRequest();
        pageHeaders.set(exchange);
        return send(
                exchange,
                problem,
                page.html(
                        problem,
                        requestId(exchange),
                        Navigation.onlyReads(request),
                        ExchangeAttribute.LINK_PREFIX.of(exchange).orElse(""),
                        wishes));
    }

    private Mono<Void> writeDocument(ServerWebExchange exchange, Problem problem, String wishes) {
        boolean mayHelpToSignIn = problem.status() == UNAUTHENTICATED && !problem.equals(Problem.DPOP_REQUIRED);
        String document = mayHelpToSignIn
                ? problem.json(requestId(exchange), signInLink.of(exchange, problem, wishes))
                : problem.json(requestId(exchange));
        return sendDocument(exchange, problem, document);
    }

    private Mono<Void> sendDocument(ServerWebExchange exchange, Problem problem, String document) {
        setContent(exchange.getResponse().getHeaders());
        pageHeaders.setStrictTransportLast(exchange);
        return send(exchange, problem, document);
    }

    /**
     * Sets what every problem document has, even one that is sent by other means.
     *
     * @param host the {@code Host} of the request; empty if it could not be read
     */
    public void setHeaders(String host, HttpHeaders headers) {
        setContent(headers);
        pageHeaders.setStrictTransport(host, headers);
    }

    private static void setContent(HttpHeaders headers) {
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setCacheControl("no-store");
        headers.set("X-Content-Type-Options", "nosniff");
    }

    private static @Nullable String requestId(ServerWebExchange exchange) {
        return ExchangeAttribute.RECORD.of(exchange).map(RequestRecord::id).orElse(null);
    }

    /**
     * Counts a problem that is said by another page, and sets what goes with its status: {@code Retry-After}, and of a
     * 401 {@code WWW-Authenticate} (RFC 9110 section 15.5.2).
     */
    public void announce(ServerWebExchange exchange, Problem problem) {
        count(problem);
        ExchangeAttribute.RECORD.of(exchange).ifPresent(record -> record.problem(problem.name(), problem.status()));
        HttpHeaders headers = exchange.getResponse().getHeaders();
        problem.retryAfter().ifPresent(wait -> headers.set(HttpHeaders.RETRY_AFTER, retryAfter(wait)));
        if (problem.status() == UNAUTHENTICATED) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, challenge(exchange.getRequest(), problem));
        }
    }

    private Mono<Void> send(ServerWebExchange exchange, Problem problem, String text) {
        ServerHttpResponse response = exchange.getResponse();
        announce(exchange, problem);
        response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
        HttpHeaders headers = response.getHeaders();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        headers.setContentLength(body.length);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    /** RFC 6750 section 3, RFC 9449 section 7.1 and RFC 9470 section 3: an error code only if a token was presented. */
    private static String challenge(ServerHttpRequest request, Problem problem) {
        String error = switch (problem.name()) {
            case "invalid-token", "session-lapsed", "proof-missing" -> "error=\"invalid_token\"";
            case "insufficient-user-authentication" -> "error=\"insufficient_user_authentication\"";
            case "invalid-dpop-proof" -> "error=\"invalid_dpop_proof\"";
            case "use-dpop-nonce" -> "error=\"use_dpop_nonce\"";
            default -> "";
        };
        if (OF_DPOP.contains(problem) || isByDpop(request)) {
            return TokenHeaders.DPOP + " " + (error.isEmpty() ? "" : error + ", ") + "algs=\"ES256\"";
        }
        return error.isEmpty() ? "Bearer" : "Bearer " + error;
    }

    /** In the scheme that the client uses (RFC 9449 section 7.1), or would if it had an access token. */
    private static boolean isByDpop(ServerHttpRequest request) {
        String authorization = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        return authorization == null
                ? request.getHeaders().containsHeader(TokenHeaders.DPOP)
                : TokenHeaders.isByDpop(authorization);
    }

    /** The value of {@code Retry-After}. */
    public static String retryAfter(Duration wait) {
        return Long.toString(Problem.wholeSeconds(wait));
    }
}
