package dev.latchkey.gateway.signin.openapi;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.page.Template;
import dev.latchkey.gateway.signin.AuthEndpoint;
import dev.latchkey.gateway.signin.AuthEndpoints;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Serves the description of the endpoints under the prefix (OpenAPI 3.1), which says the same on every gateway. */
@Component
final class OpenApiEndpoint implements AuthEndpoints {

    private final String path;
    private final Template template;
    private final String prefix;
    private final byte[] body;
    private final String etag;

    OpenApiEndpoint(EndpointPaths paths) {
        this.path = paths.of(Endpoint.OPENAPI);
        this.template = Template.of("signin/openapi/openapi.json");
        this.prefix = paths.prefix();
        String text = template.fill(Map.of("server", prefix));
        this.body = text.getBytes(StandardCharsets.UTF_8);
        this.etag = "\"" + Sha256.base64Url(text) + "\"";
    }

    @Override
    public List<AuthEndpoint> all() {
        return List.of(new AuthEndpoint(AuthEndpoint.READ, path, this::document));
    }

    /** Behind a proxy that removes a prefix, the address of the server has it, as all other addresses do. */
    private Mono<ServerResponse> document(ServerRequest request) {
        return ExchangeAttribute.LINK_PREFIX
                .of(request.exchange())
                .filter(removed -> !removed.isEmpty())
                .map(removed -> ok().bodyValue(template.fill(Map.of("server", removed + prefix))))
                .orElseGet(() -> request.checkNotModified(etag)
                        .switchIfEmpty(Mono.defer(() -> ok().eTag(etag).bodyValue(body))));
    }

    private static ServerResponse.BodyBuilder ok() {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-cache")
                .header("X-Content-Type-Options", "nosniff");
    }
}
