package dev.latchkey.sample;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows a request as it arrived here, so that one sees what the gateway made of it. */
@RestController
final class EchoEndpoint {

    @RequestMapping("/{area}/echo/**")
    Mono<Echo> echo(ServerHttpRequest request) {
        return request.getBody().reduceWith(BodyStart::new, BodyStart::and).map(body -> echo(request, body));
    }

    private static Echo echo(ServerHttpRequest request, BodyStart body) {
        return new Echo(
                request.getMethod().name(),
                request.getURI().getRawPath(),
                request.getURI().getRawQuery(),
                headersOf(request.getHeaders()),
                body.text(),
                body.size());
    }

    private static Map<String, List<String>> headersOf(HttpHeaders headers) {
        Map<String, List<String>> shown = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> shown.put(name, values));
        shown.computeIfPresent(HttpHeaders.AUTHORIZATION, (name, values) -> unsigned(values));
        return shown;
    }

    /** Without its signature a token can be read but not used: what is echoed reaches scripts of the page. */
    private static List<String> unsigned(List<String> values) {
        return values.stream()
                .map(value -> value.startsWith("Bearer ") ? value.replaceFirst("\\.[^.]*$", ".") : "(hidden)")
                .toList();
    }

    /** A request in plain sight; of a long body the start. */
    record Echo(
            String method,
            String path,
            @Nullable String query,
            Map<String, List<String>> headers,
            String body,
            long bodyBytes) {}
}
