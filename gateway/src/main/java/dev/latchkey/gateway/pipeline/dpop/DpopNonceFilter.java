package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import dev.latchkey.gateway.proof.ProofReader;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Tells a client that sent a proof the current nonce, if its proof had none of this minute: with a refusal, so that it
 * can try again (RFC 9449 section 9), and with every other answer, so that it need not (section 8.2). On a public route
 * the proof may be meant for the backend, and so may the backend's nonce.
 */
@Component
final class DpopNonceFilter implements WebFilter, Ordered {

    private static final String NONCE = "DPoP-Nonce";

    private final DpopProperties properties;
    private final ProofReader reader;
    private final DpopNonces nonces;
    private final TokenExtractor extractor;

    DpopNonceFilter(DpopProperties properties, ProofReader reader, DpopNonces nonces, TokenExtractor extractor) {
        this.properties = properties;
        this.extractor = extractor;
        this.reader = reader;
        this.nonces = nonces;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (properties.enabled()
                && properties.nonceRequired()
                && exchange.getRequest().getHeaders().containsHeader(TokenHeaders.DPOP)) {
            exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> tell(exchange)));
        }
        return chain.filter(exchange);
    }

    /** Such an answer is the client's alone. */
    private void tell(ServerWebExchange exchange) {
        if (counts(exchange) && presented(exchange).filter(nonces::isNew).isEmpty()) {
            HttpHeaders answer = exchange.getResponse().getHeaders();
            answer.set(NONCE, nonces.current());
            answer.setCacheControl("no-store");
        }
    }

    /**
     * Whether the gateway looks at a proof with this request: on a route, not beside a bearer token or cookies alone.
     */
    private boolean counts(ServerWebExchange exchange) {
        return AccessRule.of(RouteMetadata.of(exchange))
                .map(rule -> rule.access() != AccessLevel.PUBLIC && isLookedAt(exchange.getRequest()))
                .orElse(true);
    }

    private boolean isLookedAt(ServerHttpRequest request) {
        return extractor
                .extract(new SpringRequestHead(request))
                .fold(tokens -> tokens.proof().isPresent(), ambiguous -> false);
    }

    private Optional<String> presented(ServerWebExchange exchange) {
        String proof = exchange.getRequest().getHeaders().getFirst(TokenHeaders.DPOP);
        return Optional.ofNullable(proof)
                .flatMap(text -> reader.read(text).fold(Optional::of, why -> Optional.empty()))
                .flatMap(read -> read.text("nonce"));
    }

    @Override
    public int getOrder() {
        return FilterOrder.DPOP_NONCE;
    }
}
