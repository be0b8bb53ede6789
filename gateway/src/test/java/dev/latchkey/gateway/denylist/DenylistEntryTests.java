package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.Generation;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an entry refuses, and what two of them refuse together. */
final class DenylistEntryTests {

    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "3, false", "4, false"})
    void refusesWhenBelowTheFloorThenAtOnce(int generation, boolean refused) {
        assertThat(entry(3, 4, 10).refuses(new Generation(generation), NOW)).isEqualTo(refused);
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "1, true"})
    void refusesWhenBelowTheLaterFloorThenFromItsInstantOn(long millis, boolean refused) {
        DenylistEntry entry = entry(3, 4, 10);
        assertThat(entry.refuses(new Generation(3), NOW.plusMillis(10 + millis)))
                .isEqualTo(refused);
    }

    @Test
    void refusesWhenRevokedThenEveryGeneration() {
        DenylistEntry entry = DenylistEntry.revoked(NOW, NOW.plusSeconds(1));
        assertThat(entry.refuses(new Generation(1_000_000), NOW.minusSeconds(9)))
                .isTrue();
        assertThat(entry.isRevoked()).isTrue();
    }

    @Test
    void hasEndedWhenItsEndIsReachedThenTrue() {
        DenylistEntry entry = DenylistEntry.revoked(NOW, NOW.plusMillis(5));
        assertThat(entry.hasEnded(NOW.plusMillis(4))).isFalse();
        assertThat(entry.hasEnded(NOW.plusMillis(5))).isTrue();
    }

    /** A reading may bring what was true before a message that was heard meanwhile. */
    @Test
    void withWhenTheOlderEntryComesLaterThenTheNewerOneStandsUnchanged() {
        DenylistEntry older = entry(1, 2, 5);
        DenylistEntry newer = new DenylistEntry(2, 3, at(15), at(200));
        assertThat(newer.with(older)).isEqualTo(newer);
        assertThat(older.with(newer)).isEqualTo(newer);
        assertThat(older.isWithin(newer)).isTrue();
        assertThat(newer.isWithin(older)).isFalse();
    }

    @Test
    void withWhenRevokedThenStaysRevokedUntilTheLaterEnd() {
        DenylistEntry revoked = DenylistEntry.revoked(NOW, NOW.plusMillis(50));
        DenylistEntry both = entry(7, 8, 10).with(revoked);
        assertThat(both.isRevoked()).isTrue();
        assertThat(both.expiresAt()).isEqualTo(at(100));
    }

    /** Entries that the scripts never write stand beside those that they do: after a failover anything may meet. */
    @Test
    void withWhenAnyTwoMeetThenWhatEitherRefusesNowIsRefusedAndOrderDoesNotMatter() {
        Random random = new Random(20_261_124);
        for (int i = 0; i < 20_000; i++) {
            DenylistEntry one = randomEntry(random);
            DenylistEntry other = randomEntry(random);
            DenylistEntry both = one.with(other);
            assertThat(other.with(one)).isEqualTo(both);
            assertThat(both.with(one)).as("%s and %s", one, other).isEqualTo(both);
            for (int generation = 1; generation <= 6; generation++) {
                Generation asked = new Generation(generation);
                boolean either = one.refuses(asked, NOW) || other.refuses(asked, NOW);
                if (either) {
                    assertThat(both.refuses(asked, NOW))
                            .as("%s and %s", one, other)
                            .isTrue();
                }
            }
        }
    }

    private static DenylistEntry randomEntry(Random random) {
        int floor = random.nextInt(5);
        return new DenylistEntry(
                floor, floor + random.nextInt(3), at(random.nextInt(20) - 10), at(random.nextInt(100)));
    }

    private static DenylistEntry entry(int floor, int later, long from) {
        return new DenylistEntry(floor, later, at(from), at(100));
    }

    private static long at(long millis) {
        return NOW.toEpochMilli() + millis;
    }
}
