package dev.latchkey.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

final class SingleFlightTests {

    private final SingleFlight<String, String> calls = new SingleFlight<>();
    private final AtomicInteger made = new AtomicInteger();
    private final Sinks.One<String> answer = Sinks.one();
    private final List<String> heard = new ArrayList<>();

    @Test
    void shareWhenCallersComeTogetherThenOneCall() {
        calls.share("key", this::call).subscribe(heard::add);
        calls.share("key", this::call).subscribe(heard::add);
        answer.tryEmitValue("yes");
        assertThat(made).hasValue(1);
        assertThat(heard).containsExactly("yes", "yes");
    }

    @Test
    void shareWhenTheFirstCallerGoesAwayThenTheOthersGetTheAnswer() {
        Disposable first = calls.share("key", this::call).subscribe(heard::add);
        calls.share("key", this::call).subscribe(heard::add);
        first.dispose();
        answer.tryEmitValue("yes");
        assertThat(heard).containsExactly("yes");
    }

    @Test
    void shareWhenEveryCallerGoesAwayThenTheCallStillEnds() {
        AtomicInteger ended = new AtomicInteger();
        Disposable only = calls.share("key", () -> call().doOnNext(unused -> ended.incrementAndGet()))
                .subscribe();
        only.dispose();
        answer.tryEmitValue("yes");
        assertThat(ended).hasValue(1);
    }

    @Test
    void shareWhenTheAnswerWasGivenThenTheNextCallerCallsAnew() {
        answer.tryEmitValue("yes");
        calls.share("key", this::call).block();
        calls.share("key", this::call).block();
        assertThat(made).hasValue(2);
    }

    @Test
    void shareWhenACallerHasJustHeardTheAnswerThenTheNextCallerCallsAnew() {
        calls.share("key", this::call)
                .subscribe(unused -> calls.share("key", this::call).subscribe(heard::add));
        answer.tryEmitValue("yes");
        assertThat(made).hasValue(2);
        assertThat(heard).containsExactly("yes");
        assertThat(calls.size()).isZero();
    }

    @Test
    void shareWhenKeysDifferThenSoDoCalls() {
        calls.share("one", this::call).subscribe();
        calls.share("two", this::call).subscribe();
        assertThat(made).hasValue(2);
    }

    private Mono<String> call() {
        return Mono.defer(() -> {
            made.incrementAndGet();
            return answer.asMono();
        });
    }
}
