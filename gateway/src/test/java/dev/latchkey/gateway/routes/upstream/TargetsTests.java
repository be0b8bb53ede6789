package dev.latchkey.gateway.routes.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.forwarder.Failures;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose turn it is, and who is left out, by a clock that stands still. */
final class TargetsTests {

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Targets targets = new Targets(
            new TargetsRule(
                    List.of(URI.create("http://a"), URI.create("http://b"), URI.create("http://c")),
                    2,
                    PAUSE,
                    Optional.empty()),
            nanos::get);

    @Test
    void nextWhenAllAreWellThenInTurn() {
        assertThat(turns(6)).isEqualTo("abcabc");
    }

    @Test
    void nextWhenSomeWereTriedThenAnother() {
        Set<Target> tried = new HashSet<>();
        StringBuilder seen = new StringBuilder();
        for (int count = 0; count < 3; count++) {
            Target next = targets.next(tried);
            seen.append(next.address().getHost());
            tried.add(next);
            targets.next(Set.of());
        }
        assertThat(seen.chars().distinct().count()).isEqualTo(3);
        assertThat(targets.next(tried)).isNotNull();
    }

    @Test
    void nextWhenOneFailedTooOftenThenLeftOutForThePause() {
        Target a = targets.next(Set.of());
        a.failed();
        assertThat(a.isEjected()).isFalse();
        a.failed();

        assertThat(turns(6)).doesNotContain("a");
        nanos.addAndGet(PAUSE.toNanos() - 1);
        assertThat(turns(6)).doesNotContain("a");
        nanos.addAndGet(1);
        assertThat(turns(6)).contains("a");
    }

    @Test
    void nextWhenFailuresAreNotInARowThenNobodyIsLeftOut() {
        Target a = targets.next(Set.of());
        IntStream.range(0, 10).forEach(unused -> {
            a.failed();
            a.answered();
        });
        assertThat(a.isEjected()).isFalse();
    }

    @Test
    void nextWhenStillIllAfterThePauseThenOneFailureIsEnough() {
        Target a = targets.next(Set.of());
        a.unreachable();
        assertThat(a.isEjected()).isTrue();
        nanos.addAndGet(PAUSE.toNanos());
        assertThat(a.isEjected()).isFalse();

        a.failed();

        assertThat(a.isEjected()).isTrue();
        a.answered();
        assertThat(a.isEjected()).isFalse();
    }

    /** It is the gateway's own bound, and the backend answers others. */
    @ParameterizedTest
    @EnumSource(BackendFailure.Kind.class)
    void nextWhenOneCouldNotBeAskedThenLeftOutUnlessItHadNoPartInThat(BackendFailure.Kind kind) {
        Target a = targets.next(Set.of());
        a.noteFailure(Failures.of(kind));
        a.noteFailure(Failures.of(kind));

        assertThat(a.isEjected())
                .isEqualTo(kind != BackendFailure.Kind.EXHAUSTED && kind != BackendFailure.Kind.REQUEST_BODY);
    }

    @Test
    void nextWhenHealthChecksFailThenLeftOutWhateverItAnswersUntilTheyPass() {
        Target a = targets.next(Set.of());
        a.checked(false);
        a.answered();
        assertThat(turns(6)).doesNotContain("a");

        a.unreachable();
        a.checked(true);
        assertThat(turns(6)).contains("a");
    }

    @Test
    void nextWhenHealthChecksGoOnPassingThenEjectionStays() {
        Target a = targets.next(Set.of());
        a.unreachable();
        a.checked(true);

        assertThat(turns(6)).doesNotContain("a");
    }

    @Test
    void nextWhenAllAreUnhealthyOrEjectedThenInTurnAgain() {
        targets.all().forEach(target -> target.checked(false));
        targets.all().get(0).unreachable();

        assertThat(turns(6)).contains("a", "b", "c");
    }

    @Test
    void nextWhenAllAreLeftOutThenInTurnAgain() {
        IntStream.range(0, 3).forEach(unused -> targets.next(Set.of()).unreachable());

        assertThat(turns(6)).contains("a", "b", "c");
    }

    @Test
    void nextWhenTriedOneIsWellAndTheOthersAreLeftOutThenTheTriedOne() {
        Target a = targets.next(Set.of());
        targets.next(Set.of()).unreachable();
        targets.next(Set.of()).unreachable();

        assertThat(targets.next(Set.of(a))).isSameAs(a);
    }

    @Test
    void nextWhenTurnsHaveOverflownThenStillInTurn() {
        IntStream.range(0, 100).forEach(unused -> targets.next(Set.of()));

        assertThat(turns(3).chars().distinct().count()).isEqualTo(3);
    }

    private String turns(int count) {
        StringBuilder turns = new StringBuilder();
        IntStream.range(0, count)
                .forEach(unused -> turns.append(targets.next(Set.of()).address().getHost()));
        return turns.toString();
    }
}
