package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.SessionId;
import java.security.SecureRandom;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was put in is found, by whatever steps; what it costs, and how often another is taken for a member. */
final class FingerprintsTests {

    private static final int ALL = 1 << 28;

    /** A hundred million over a month, in each of the shards: what one set holds then. */
    private static final int OF_A_HUNDRED_MILLION = 100_000_000 / (30 * Shard.COUNT);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 5_000, OF_A_HUNDRED_MILLION})
    void containsWhenPutInThenFoundAndNothingElse(int count) {
        int[] members = random(count);
        Fingerprints set = Fingerprints.NONE;
        for (int begin = 0; begin < count; begin += 997) {
            set = set.with(IntStream.of(members).skip(begin).limit(997).toArray());
        }
        int[] distinct = IntStream.of(members).distinct().sorted().toArray();
        assertThat(set.size()).isEqualTo(distinct.length);
        assertThat(IntStream.of(members).allMatch(set::contains)).isTrue();
        assertThat(members(set)).isEqualTo(distinct);
        assertThat(members(Fingerprints.parse(set.text()).orElseThrow())).isEqualTo(distinct);
        assertThat(set.with(members)).isSameAs(set);
    }

    @Test
    void containsWhenAtTheEndsThenFound() {
        Fingerprints set = Fingerprints.NONE.with(0, ALL - 1, 0xffff, 0x10000);
        assertThat(members(set)).containsExactly(0, 0xffff, 0x10000, ALL - 1);
        assertThat(set.contains(1)).isFalse();
        assertThat(set.contains(ALL - 2)).isFalse();
    }

    @Test
    void bytesWhenAHundredMillionThenBelow256Megabytes() {
        long all = 30L
                * Shard.COUNT
                * Fingerprints.NONE.with(random(OF_A_HUNDRED_MILLION)).bytes();
        assertThat(all).isLessThan(256L << 20);
    }

    @Test
    void bytesWhenAMillionThenBelow8Megabytes() {
        long all = 30L
                * Shard.COUNT
                * Fingerprints.NONE.with(random(1_000_000 / (30 * Shard.COUNT))).bytes();
        assertThat(all).isLessThan(8L << 20);
    }

    @Test
    void ofWhenOfRandomSessionsThenEachBitIsSometimesSet() {
        SecureRandom random = new SecureRandom();
        int[] some = IntStream.range(0, 200)
                .map(i -> Fingerprints.of(SessionId.random(random)))
                .toArray();
        assertThat(IntStream.of(some).reduce(0, (one, other) -> one | other)).isEqualTo(ALL - 1);
        assertThat(IntStream.of(some).reduce(-1, (one, other) -> one & other)).isZero();
    }

    @Test
    void parseWhenItIsNoneThenEmpty() {
        assertThat(Stream.of("/////w==", "?", "AAA", "A", "AAAA", "="))
                .allSatisfy(
                        text -> assertThat(Fingerprints.parse(text)).as(text).isEmpty());
    }

    private static int[] members(Fingerprints set) {
        return Fingerprints.parse(set.text()).orElseThrow().with(set).sorted();
    }

    private static int[] random(int count) {
        return new Random(count).ints(count, 0, ALL).toArray();
    }
}
