package dev.latchkey.gateway.problem;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.origin.Origin;
import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;

/**
 * The address at which a person signs in, for a program that got a 401: it leads back to the page whose script sent the
 * request, if the browser said which ({@code Referer}) and it is a page of this site. The path of the request itself
 * would lead a person to data.
 */
@Component
public final class SignInLink {

    /** Encoded; a longer one is left out, as an address has little room. */
    private static final int MAX_RETURN = 1024;

    private final Set<String> publicOrigins;
    private final String signIn;

    public SignInLink(PublicOriginsProperties publicOrigins, EndpointPaths paths) {
        this.publicOrigins = publicOrigins.serialized();
        this.signIn = paths.of(Endpoint.SIGN_IN);
    }

    /** A path on this host, of characters that need no escaping in JSON. */
    public String of(ServerWebExchange exchange, Problem problem) {
        return of(exchange, problem, "");
    }

    /** @param wishes further parameters, each with its {@code &} before it */
    String of(ServerWebExchange exchange, Problem problem, String wishes) {
        String prefix = ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("");
        String back = page(exchange, prefix).map(path -> "&return=" + path).orElse("");
        String query = back + silence(problem) + wishes;
        return prefix + signIn + (query.isEmpty() ? "" : "?" + query.substring(1));
    }

    /** A further parameter for a session that its provider has lost: its user may come back without being asked. */
    public static String silence(Problem problem) {
        return problem.equals(Problem.SESSION_LAPSED) ? "&prompt=none" : "";
    }

    private Optional<String> page(ServerWebExchange exchange, String prefix) {
        return Optional.ofNullable(exchange.getRequest().getHeaders().getFirst(HttpHeaders.REFERER))
                .flatMap(SignInLink::uri)
                .filter(this::isOurs)
                .map(page ->
                        page.getRawQuery() == null ? page.getRawPath() : page.getRawPath() + "?" + page.getRawQuery())
                .filter(path -> path.startsWith(prefix + "/"))
                .map(path -> path.substring(prefix.length()))
                .filter(path ->
                        !path.startsWith(signIn) && ReturnPath.of(path).value().equals(path))
                .map(path -> UriUtils.encode(path, StandardCharsets.UTF_8))
                .filter(encoded -> encoded.length() <= MAX_RETURN);
    }

    private boolean isOurs(URI page) {
        return page.getScheme() != null
                && page.getRawAuthority() != null
                && page.getRawPath() != null
                && Origin.parse(page.getScheme() + "://" + page.getRawAuthority())
                        .filter(publicOrigins::contains)
                        .isPresent();
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException not) {
            return Optional.empty();
        }
    }
}
