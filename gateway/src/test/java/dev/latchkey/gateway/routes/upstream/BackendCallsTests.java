package dev.latchkey.gateway.routes.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.exchange.BackendAnswer;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.problem.TestProblems;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Attempts at backends whose addresses change between them. */
final class BackendCallsTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Targets targets =
            new Targets(TargetsRule.of(new DnsLookup(URI.create("http://name"), Optional.empty())), System::nanoTime);
    private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));

    /** What writes the answer would wait for ever for one that was discarded. */
    @Test
    void callWhenTheNameIsGoneBeforeTheSecondAttemptThenNothingIsLeftOfTheFirst() {
        targets.replace(List.of(Destination.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80))));
        AtomicInteger discarded = new AtomicInteger();
        GatewayFilterChain backend = unused -> {
            ExchangeAttribute.ANSWER.set(exchange, counting(discarded));
            exchange.getResponse().setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
            targets.replace(List.of());
            return Mono.empty();
        };

        RetryRule once = new RetryRule(1, RetryRule.CAUSES, Duration.ZERO, Optional.empty());
        new BackendCalls(targets, once, LIMIT, TestProblems.writer())
                .filter(exchange, backend)
                .block(LIMIT);

        assertThat(exchange.getResponse().getBodyAsString().block(LIMIT)).contains("backend-unknown");
        assertThat(discarded).hasValue(1);
        assertThat(ExchangeAttribute.ANSWER.of(exchange)).isEmpty();
    }

    private static BackendAnswer counting(AtomicInteger discarded) {
        return new BackendAnswer() {

            @Override
            public void discard() {
                discarded.incrementAndGet();
            }

            @Override
            public void cancel() {}
        };
    }
}
