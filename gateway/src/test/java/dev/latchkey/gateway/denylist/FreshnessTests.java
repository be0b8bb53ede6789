package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the local denylist may answer alone. */
final class FreshnessTests {

    private static final Duration STALE = Duration.ofSeconds(3);

    private long nanos = Long.MAX_VALUE - 5;
    private final Freshness freshness = new Freshness(STALE, () -> nanos);

    @BeforeEach
    void confirm() {
        freshness.joined();
        freshness.endReading(freshness.beginReading());
        freshness.expect(Set.of("a"));
        freshness.confirm("a", nanos);
    }

    @Test
    void isFreshWhenReadAndConfirmedThenUntilThatIsOld() {
        assertThat(freshness.isFresh()).isTrue();
        pass(STALE.minusNanos(1));
        assertThat(freshness.isFresh()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(freshness.isFresh()).isFalse();
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenTheProofWasLongUnderWayThenItsAgeCountsFromItsSending() {
        long sent = nanos;
        pass(STALE);
        freshness.confirm("a", sent);
        assertThat(freshness.isFresh()).isFalse();
        assertThat(freshness.age()).isEqualTo(STALE);
    }

    @Test
    void isFreshWhenNeverReadThenNot() {
        Freshness other = new Freshness(STALE, () -> nanos);
        other.joined();
        other.expect(Set.of("a"));
        other.confirm("a", nanos);
        assertThat(other.isFresh()).isFalse();
        assertThat(other.wasEverConfirmed()).isFalse();
    }

    @Test
    void isFreshWhenReadWithoutBeingOnTheChannelThenNot() {
        Freshness other = new Freshness(STALE, () -> nanos);
        other.endReading(other.beginReading());
        other.expect(Set.of("a"));
        other.confirm("a", nanos);
        assertThat(other.isFresh()).isFalse();
    }

    @Test
    void isFreshWhenJoinedAnewThenOnlyAfterAReadingThatBeganSince() {
        int before = freshness.beginReading();
        freshness.joined();
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).isFalse();
        freshness.endReading(before);
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).as("what was said between is unknown").isFalse();
        freshness.endReading(freshness.beginReading());
        assertThat(freshness.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenAConnectionBrokeThenOnlyAfterTheNextProof() {
        freshness.suspect();
        assertThat(freshness.isFresh()).isFalse();
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenSomethingWasNotAppliedThenOnlyAfterTheNextReading() {
        freshness.markIncomplete();
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).isFalse();
        freshness.endReading(freshness.beginReading());
        assertThat(freshness.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenSomethingWasNotAppliedDuringAReadingThenOnlyAfterTheNext() {
        int before = freshness.beginReading();
        freshness.markIncomplete();
        freshness.endReading(before);
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).as("it may be of what had been read").isFalse();
        freshness.endReading(freshness.beginReading());
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).isTrue();
    }

    @Test
    void isFreshWhenThereAreSeveralMastersThenTheOldestProofCounts() {
        freshness.expect(Set.of("a", "b"));
        assertThat(freshness.isFresh()).as("nothing was heard through b").isFalse();
        freshness.confirm("b", nanos);
        assertThat(freshness.isFresh()).isTrue();
        pass(STALE.dividedBy(2));
        freshness.confirm("b", nanos);
        assertThat(freshness.age()).isEqualTo(STALE.dividedBy(2));
        pass(STALE.dividedBy(2));
        freshness.confirm("b", nanos);
        assertThat(freshness.isFresh()).as("a has been silent for too long").isFalse();
        freshness.expect(Set.of("b"));
        assertThat(freshness.isFresh()).as("a is a master no more").isTrue();
    }

    @Test
    void confirmWhenAnOlderHeartbeatComesLateThenTheNewerOneCounts() {
        pass(Duration.ofSeconds(1));
        long newer = nanos;
        freshness.confirm("a", newer);
        freshness.confirm("a", newer - 1_000_000_000);
        assertThat(freshness.age()).isZero();
    }

    @Test
    void confirmWhenNoMasterIsKnownByThatNameThenNothing() {
        freshness.expect(Set.of("b"));
        freshness.confirm("a", nanos);
        assertThat(freshness.isFresh()).isFalse();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
