package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Under which path clients see what is behind it: {@code X-Forwarded-Prefix}. A trusted proxy says what it removed from
 * the path, which is noted before anything may answer with a page; the backend gets that and what the route removed.
 * Only a plain path is accepted: links and redirects begin with it, and {@code //evil.example} would lead to another
 * host.
 */
@Component
final class ForwardedPrefix implements WebFilter, Ordered {

    static final String NAME = "X-Forwarded-Prefix";

    private static final Pattern PLAIN = Pattern.compile("(?:/[A-Za-z0-9._~!$()*+=:@%-]+)+");
    private static final int MAX_LENGTH = 1024;

    private final ClientAddress chain;

    ForwardedPrefix(ClientAddress chain) {
        this.chain = chain;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ExchangeAttribute.LINK_PREFIX.set(exchange, of(exchange.getRequest()));
        return chain.filter(exchange);
    }

    @Override
    public int getOrder() {
        return FilterOrder.LINK_PREFIX;
    }

    /** What a trusted proxy removed, such as {@code /shop}; empty if that is nothing, or not a plain path. */
    private String of(ServerHttpRequest request) {
        if (!chain.isPeerTrusted(request)) {
            return "";
        }
        String all = String.join(",", request.getHeaders().getOrEmpty(NAME));
        return plain(all.substring(all.lastIndexOf(',') + 1).strip()).orElse("");
    }

    Optional<String> forBackend(ServerWebExchange exchange) {
        String stripped = ExchangeAttribute.STRIPPED_PREFIX
                .of(exchange)
                .flatMap(ForwardedPrefix::plain)
                .orElse("");
        return Optional.of(ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("") + stripped)
                .filter(prefix -> !prefix.isEmpty());
    }

    private static Optional<String> plain(String path) {
        String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        boolean isPlain =
                prefix.length() <= MAX_LENGTH && PLAIN.matcher(prefix).matches() && RawPath.isUnambiguous(prefix);
        return Optional.of(prefix).filter(unused -> isPlain);
    }
}
