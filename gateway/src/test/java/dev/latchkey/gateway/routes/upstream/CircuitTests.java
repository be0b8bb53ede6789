package dev.latchkey.gateway.routes.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.problem.TestProblems;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Calls that overlap, by a clock that stands still. */
final class CircuitTests {

    private static final Duration OPEN_FOR = Duration.ofSeconds(10);
    private static final Duration SLOW = Duration.ofSeconds(60);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger asked = new AtomicInteger();
    private final Circuit circuit = new Circuit(
            "it",
            new BreakerRule(50, BreakerRule.STATUSES, 100, SLOW, 2, 2, OPEN_FOR, 1),
            nanos::get,
            TestProblems.writer());

    @Test
    void callsWhenTheyBeganBeforeTheCircuitOpenedAndTheirClientsLeaveThenNoFurtherTrials() {
        List<Call> old = IntStream.range(0, 3).mapToObj(unused -> new Call()).toList();
        failed();
        new Call();

        old.forEach(Call::leave);

        assertThat(isAsked()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"200, 503", "503, 200"})
    void callWhenItBeganBeforeTheCircuitOpenedThenTheTrialAloneDecides(int late, int ofTrial) {
        Call old = new Call();
        failed();
        Call trial = new Call();

        old.answer(late);
        assertThat(isAsked()).isFalse();
        trial.answer(ofTrial);

        assertThat(isAsked()).isEqualTo(ofTrial == 200);
    }

    @Test
    void callsWhenTheyBeganBeforeTheCircuitOpenedAndFailOnceItIsClosedThenItStaysClosed() {
        List<Call> old = IntStream.range(0, 2).mapToObj(unused -> new Call()).toList();
        failed();
        new Call().answer(200);

        old.forEach(call -> call.answer(503));

        assertThat(isAsked()).isTrue();
    }

    @Test
    void callWhenTheClientOfTheTrialLeavesThenAnotherIsTried() {
        failed();
        Call trial = new Call();
        assertThat(isAsked()).isFalse();

        trial.leave();

        assertThat(isAsked()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 61})
    void callWhenItsClientIsSlowThenTheBackendIsNot(int seconds) {
        IntStream.range(0, 2).forEach(unused -> upload(Duration.ofSeconds(seconds), Duration.ZERO));

        assertThat(isAsked()).isTrue();
    }

    @Test
    void callWhenTheBackendIsSlowBehindTheBodyThenThatIsCounted() {
        IntStream.range(0, 2).forEach(unused -> upload(Duration.ZERO, SLOW.plusNanos(1)));

        assertThat(isAsked()).isFalse();
    }

    /** The circuit opens, and its time passes. */
    private void failed() {
        IntStream.range(0, 2).forEach(unused -> new Call().answer(503));
        assertThat(isAsked()).isFalse();
        nanos.addAndGet(OPEN_FOR.toNanos() + 1);
    }

    private boolean isAsked() {
        int before = asked.get();
        new Call();
        return asked.get() > before;
    }

    private void upload(Duration ofClient, Duration ofBackend) {
        Sinks.Empty<Void> body = Sinks.empty();
        ServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.post("/x")
                .contentLength(1)
                .body(Flux.from(body.asMono()).cast(DataBuffer.class)));
        Disposable unused = circuit.filter(
                        exchange,
                        sent -> sent.getRequest().getBody().then(Mono.fromRunnable(() -> {
                            nanos.addAndGet(ofBackend.toNanos());
                            answered(sent, 200);
                        })))
                .subscribe();
        nanos.addAndGet(ofClient.toNanos());
        body.tryEmitEmpty().orThrow();
    }

    private static void answered(ServerWebExchange exchange, int status) {
        exchange.getResponse().setStatusCode(HttpStatusCode.valueOf(status));
    }

    /** One without a body, whose backend answers when the test says so. */
    private final class Call {

        private final Sinks.One<Integer> answer = Sinks.one();
        private final Disposable client = circuit.filter(
                        MockServerWebExchange.from(MockServerHttpRequest.get("/x")), this::ask)
                .subscribe();

        private Mono<Void> ask(ServerWebExchange exchange) {
            asked.incrementAndGet();
            return answer.asMono()
                    .doOnNext(status -> answered(exchange, status))
                    .then();
        }

        void answer(int status) {
            answer.tryEmitValue(status).orThrow();
        }

        void leave() {
            client.dispose();
        }
    }
}
