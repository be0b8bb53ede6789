package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemException;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** A form that a page of the console has sent. */
final class ConsoleForm {

    static final String TOKEN = "form-token";

    private final RequestBody body;

    private ConsoleForm(RequestBody body) {
        this.body = body;
    }

    /** A field, or nothing. */
    String field(String name) {
        return body.field(name).orElse("");
    }

    /** Whether it comes from a page of this operator's; compared in constant time. */
    boolean isOf(OperatorSession operator) {
        return MessageDigest.isEqual(
                field(TOKEN).getBytes(StandardCharsets.UTF_8),
                operator.formToken().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads one, unless another site has sent it, or it is none. */
    static Mono<Result<ConsoleForm>> read(ServerRequest request) {
        if (!isOfThisSite(request.headers().asHttpHeaders())) {
            return refused(Problem.CROSS_SITE);
        }
        return RequestBody.form(request.exchange().getRequest())
                .<Result<ConsoleForm>>map(body -> new Success<>(new ConsoleForm(body)))
                .onErrorResume(ProblemException.class, wrong -> refused(wrong.problem()));
    }

    private static Mono<Result<ConsoleForm>> refused(Problem problem) {
        return Mono.just(new Failure<>(problem));
    }

    /**
     * By {@code Origin} (RFC 6454 section 7), which browsers send with each form, and which must name this host. The
     * scheme is not compared: a proxy may have ended TLS.
     */
    private static boolean isOfThisSite(HttpHeaders headers) {
        List<String> origins = headers.getOrEmpty(HttpHeaders.ORIGIN);
        String host = headers.getFirst(HttpHeaders.HOST);
        String origin = origins.size() == 1 ? authority(origins.get(0)) : null;
        return host != null && origin != null && origin.equals(host.toLowerCase(Locale.ROOT));
    }

    private static @Nullable String authority(String origin) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority == null ? null : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
