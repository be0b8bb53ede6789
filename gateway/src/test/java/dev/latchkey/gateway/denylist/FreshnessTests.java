package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the mirror may answer alone. */
final class FreshnessTests {

    private static final Duration STALE = Duration.ofSeconds(3);

    private long nanos = Long.MAX_VALUE - 5;
    private final Freshness view = new Freshness(STALE, () -> nanos);

    @BeforeEach
    void confirm() {
        view.join();
        view.readWhole(view.beginReading());
        view.expect(Set.of("a"));
        view.confirm("a", nanos);
    }

    @Test
    void isFreshWhenReadAndProvenThenUntilTheProofIsOld() {
        assertThat(view.isFresh()).isTrue();
        pass(STALE.minusNanos(1));
        assertThat(view.isFresh()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(view.isFresh()).isFalse();
        view.confirm("a", nanos);
        assertThat(view.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenTheProofWasLongUnderWayThenItsAgeCountsFromItsSending() {
        long sent = nanos;
        pass(STALE);
        view.confirm("a", sent);
        assertThat(view.isFresh()).isFalse();
        assertThat(view.age()).isEqualTo(STALE);
    }

    @Test
    void isFreshWhenNeverReadThenNot() {
        Freshness other = new Freshness(STALE, () -> nanos);
        other.join();
        other.expect(Set.of("a"));
        other.confirm("a", nanos);
        assertThat(other.isFresh()).isFalse();
        assertThat(other.wasEverConfirmed()).isFalse();
    }

    @Test
    void isFreshWhenReadWithoutBeingOnTheChannelThenNot() {
        Freshness other = new Freshness(STALE, () -> nanos);
        other.readWhole(other.beginReading());
        other.expect(Set.of("a"));
        other.confirm("a", nanos);
        assertThat(other.isFresh()).isFalse();
    }

    @Test
    void isFreshWhenJoinedAnewThenOnlyAfterAReadingThatBeganSince() {
        int before = view.beginReading();
        view.join();
        view.confirm("a", nanos);
        assertThat(view.isFresh()).isFalse();
        view.readWhole(before);
        view.confirm("a", nanos);
        assertThat(view.isFresh()).as("what was said between is unknown").isFalse();
        view.readWhole(view.beginReading());
        assertThat(view.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenAConnectionBrokeThenOnlyAfterTheNextProof() {
        view.suspect();
        assertThat(view.isFresh()).isFalse();
        view.confirm("a", nanos);
        assertThat(view.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenSomethingWasNotTakenUpThenOnlyAfterTheNextReading() {
        view.breakOff();
        view.confirm("a", nanos);
        assertThat(view.isFresh()).isFalse();
        view.readWhole(view.beginReading());
        assertThat(view.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenThereAreSeveralMastersThenTheOldestProofCounts() {
        view.expect(Set.of("a", "b"));
        assertThat(view.isFresh()).as("nothing was heard through b").isFalse();
        view.confirm("b", nanos);
        assertThat(view.isFresh()).isTrue();
        pass(STALE.dividedBy(2));
        view.confirm("b", nanos);
        assertThat(view.age()).isEqualTo(STALE.dividedBy(2));
        pass(STALE.dividedBy(2));
        view.confirm("b", nanos);
        assertThat(view.isFresh()).as("a has been silent for too long").isFalse();
        view.expect(Set.of("b"));
        assertThat(view.isFresh()).as("a is a master no more").isTrue();
    }

    @Test
    void proveWhenAnOlderBeatComesLateThenTheNewerOneCounts() {
        pass(Duration.ofSeconds(1));
        long newer = nanos;
        view.confirm("a", newer);
        view.confirm("a", newer - 1_000_000_000);
        assertThat(view.age()).isZero();
    }

    @Test
    void proveWhenNoMasterIsKnownByThatNameThenNothing() {
        view.expect(Set.of("b"));
        view.confirm("a", nanos);
        assertThat(view.isFresh()).isFalse();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
