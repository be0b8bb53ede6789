package dev.latchkey.gateway.routes.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.forwarder.Failures;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose turn it is, and who is ejected, by a clock that stands still. */
final class TargetsTests {

    private static final Duration EJECTION = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Targets targets = new Targets(
            new TargetsRule(
                    List.of(URI.create("http://a"), URI.create("http://b"), URI.create("http://c")),
                    Optional.empty(),
                    2,
                    EJECTION,
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
            Target next = next(tried);
            seen.append(next.address().getHost());
            tried.add(next);
            next(Set.of());
        }
        assertThat(seen.chars().distinct().count()).isEqualTo(3);
        assertThat(next(tried)).isNotNull();
    }

    @Test
    void nextWhenOneFailedTooOftenThenEjectedForThatTime() {
        Target a = next(Set.of());
        a.failed();
        assertThat(a.isEjected()).isFalse();
        a.failed();

        assertThat(turns(6)).doesNotContain("a");
        nanos.addAndGet(EJECTION.toNanos() - 1);
        assertThat(turns(6)).doesNotContain("a");
        nanos.addAndGet(1);
        assertThat(turns(6)).contains("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nextWhenOneIsLeftOutThenTheOthersShareItsTurns(int out) {
        targets.all().get(out).unreachable();

        Map<Character, Long> counts = turns(12)
                .chars()
                .mapToObj(host -> (char) host)
                .collect(Collectors.groupingBy(host -> host, Collectors.counting()));
        assertThat(counts.values()).containsExactly(6L, 6L);
    }

    @Test
    void nextWhenFailuresAreNotInARowThenNobodyIsEjected() {
        Target a = next(Set.of());
        IntStream.range(0, 10).forEach(unused -> {
            a.failed();
            a.answered();
        });
        assertThat(a.isEjected()).isFalse();
    }

    @Test
    void nextWhenItStillFailsAfterItsEjectionThenOneFailureIsEnough() {
        Target a = next(Set.of());
        a.unreachable();
        assertThat(a.isEjected()).isTrue();
        nanos.addAndGet(EJECTION.toNanos());
        assertThat(a.isEjected()).isFalse();

        a.failed();

        assertThat(a.isEjected()).isTrue();
        a.answered();
        assertThat(a.isEjected()).isFalse();
    }

    /** It is the gateway's own bound, and the backend answers others. */
    @ParameterizedTest
    @EnumSource(BackendFailure.Kind.class)
    void nextWhenOneCouldNotBeAskedThenEjectedUnlessItHadNoPartInThat(BackendFailure.Kind kind) {
        Target a = next(Set.of());
        a.noteFailure(Failures.of(kind));
        a.noteFailure(Failures.of(kind));

        assertThat(a.isEjected())
                .isEqualTo(!Set.of(
                                BackendFailure.Kind.EXHAUSTED,
                                BackendFailure.Kind.WAIT_TIMEOUT,
                                BackendFailure.Kind.REQUEST_BODY,
                                BackendFailure.Kind.FAULT)
                        .contains(kind));
    }

    @Test
    void nextWhenHealthChecksFailThenLeftOutWhateverItAnswersUntilTheyPass() {
        Target a = next(Set.of());
        a.checked(false);
        a.answered();
        assertThat(turns(6)).doesNotContain("a");

        a.unreachable();
        a.checked(true);
        assertThat(turns(6)).contains("a");
    }

    @Test
    void nextWhenHealthChecksGoOnPassingThenEjectionStays() {
        Target a = next(Set.of());
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
    void nextWhenAllAreEjectedThenInTurnAgain() {
        IntStream.range(0, 3).forEach(unused -> next(Set.of()).unreachable());

        assertThat(turns(6)).contains("a", "b", "c");
    }

    @Test
    void nextWhenTriedOneIsWellAndTheOthersAreEjectedThenTheTriedOne() {
        Target a = next(Set.of());
        next(Set.of()).unreachable();
        next(Set.of()).unreachable();

        assertThat(next(Set.of(a))).isSameAs(a);
    }

    @Test
    void nextWhenTurnsHaveOverflownThenStillInTurn() {
        IntStream.range(0, 100).forEach(unused -> next(Set.of()));

        assertThat(turns(3).chars().distinct().count()).isEqualTo(3);
    }

    @Test
    void nextWhenNoAddressIsKnownThenNothing() {
        assertThat(named().next(Set.of())).isEmpty();
    }

    @Test
    void replaceWhenAnAddressStaysThenSoDoesWhatIsKnownOfIt() {
        Targets named = named();
        named.replace(List.of(place(1, 0, 1), place(2, 0, 1)));
        named.all().get(0).unreachable();

        List<Target> gone = named.replace(List.of(place(1, 0, 1), place(3, 0, 1)));

        assertThat(gone).extracting(Target::text).containsExactly("http://name:80 at 10.0.0.2:80");
        assertThat(named.all()).extracting(Target::state).containsExactly("ejected", "available");
        assertThat(shares(named, 10)).isEqualTo(Map.of(3, 10L));
    }

    @Test
    void nextWhenPrioritiesDifferThenTheLowestUntilNoneOfItIsLeft() {
        Targets named = named();
        named.replace(List.of(place(1, 10, 1), place(2, 10, 1), place(3, 20, 5)));
        assertThat(shares(named, 50)).containsOnlyKeys(1, 2);

        named.all().get(0).unreachable();
        assertThat(shares(named, 50)).containsOnlyKeys(2);
        assertThat(last(named.next(Set.of(named.all().get(1))).orElseThrow())).isEqualTo(3);

        named.all().get(1).unreachable();
        assertThat(shares(named, 50)).containsOnlyKeys(3);
    }

    /** Of 4,000 at random, three of four: 1,000 give or take eight standard deviations. */
    @Test
    void nextWhenWeightsDifferThenInTheirProportion() {
        Targets named = named();
        named.replace(List.of(place(1, 0, 1), place(2, 0, 3)));

        assertThat(shares(named, 4_000).get(1)).isBetween(780L, 1_220L);
    }

    private Targets named() {
        return new Targets(
                new TargetsRule(
                        List.of(),
                        Optional.of(new DnsLookup(URI.create("http://name:80"), Optional.empty())),
                        2,
                        EJECTION,
                        Optional.empty()),
                nanos::get);
    }

    private static Destination place(int last, int priority, double weight) {
        return new Destination(new InetSocketAddress("10.0.0." + last, 80), priority, weight);
    }

    private static Map<Integer, Long> shares(Targets named, int count) {
        return IntStream.range(0, count)
                .mapToObj(unused -> last(named.next(Set.of()).orElseThrow()))
                .collect(Collectors.groupingBy(place -> place, Collectors.counting()));
    }

    private static int last(Target target) {
        return target.found().orElseThrow().getAddress().getAddress()[3];
    }

    private Target next(Set<Target> tried) {
        return targets.next(tried).orElseThrow();
    }

    private String turns(int count) {
        StringBuilder turns = new StringBuilder();
        IntStream.range(0, count)
                .forEach(unused -> turns.append(next(Set.of()).address().getHost()));
        return turns.toString();
    }
}
