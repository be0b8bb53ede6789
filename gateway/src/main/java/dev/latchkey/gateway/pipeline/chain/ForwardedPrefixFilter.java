package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.forwarding.ForwardedPrefix;
import dev.latchkey.gateway.pipeline.order.FilterOrder;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Notes what a trusted proxy removed from the path before anything may answer with a page. */
@Component
final class ForwardedPrefixFilter implements WebFilter, Ordered {

    private final ForwardedPrefix prefix;

    ForwardedPrefixFilter(ForwardedPrefix prefix) {
        this.prefix = prefix;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ExchangeAttribute.LINK_PREFIX.set(exchange, prefix.of(new SpringRequestHead(exchange.getRequest())));
        return chain.filter(exchange);
    }

    @Override
    public int getOrder() {
        return FilterOrder.LINK_PREFIX;
    }
}
