package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ABSOLUTE;
import static dev.latchkey.gateway.session.ScriptRig.ACCESS;
import static dev.latchkey.gateway.session.ScriptRig.DENIED;
import static dev.latchkey.gateway.session.ScriptRig.ENTRY;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.IDLE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static dev.latchkey.gateway.session.ScriptRig.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the rotation table, in its order, on the script itself; the clock is an argument. */
final class RotateRowsTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    @Test
    void unknownWhenThereIsNoRecord() {
        RIG.redis().del(KEY);
        assertThat(RIG.row(1, "a")).isEqualTo("UNKNOWN");
        assertThat(RIG.redis().exists(KEY, DENIED)).isZero();
    }

    @Test
    void expiredWhenPastTheEnd() {
        RIG.pass(ABSOLUTE - 60_000);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        RIG.redis().persist(KEY);
        RIG.pass(59_999);
        assertThat(RIG.row(1, "a")).as("which renews no TTL").isEqualTo("REPLAYED+both of 2");
        RIG.pass(1);
        Map<String, String> before = RIG.record();
        assertThat(RIG.row(2, "b")).isEqualTo("EXPIRED");
        assertThat(RIG.row(9, "b")).as("before RECOVERED").isEqualTo("EXPIRED");
        assertThat(RIG.record()).isEqualTo(before);
    }

    @Test
    void expiredWhenAlsoRevokedThenExpired() {
        RIG.revoke("signed-out");
        RIG.pass(ABSOLUTE);
        assertThat(RIG.row(1, "a")).isEqualTo("EXPIRED");
    }

    @Test
    void revokedWhenEnded() {
        RIG.revoke("signed-out");
        String before = RIG.tombstone();
        assertThat(RIG.row(1, "a")).isEqualTo("REVOKED");
        assertThat(RIG.row(2, "a")).as("before RECOVERED").isEqualTo("REVOKED");
        assertThat(RIG.reason(1, "a")).isEqualTo("signed-out");
        assertThat(RIG.record()).isEmpty();
        assertThat(RIG.tombstone()).isEqualTo(before).startsWith("signed-out,");
    }

    @Test
    void recoveredWhenTheTokenIsNewerThanTheRecord() {
        RIG.pass(GRACE);
        RIG.row(1, "1");
        RIG.confirm(2);
        RIG.pass(GRACE);
        assertThat(RIG.row(4, "4")).isEqualTo("RECOVERED+access of 4");
        assertThat(RIG.generation()).isEqualTo(4);
        assertThat(RIG.used(4)).isEqualTo(RIG.now());
        assertThat(RIG.minted(3)).as("not known").isEqualTo(RIG.now());
        assertThat(RIG.used(3)).as("not known").isEqualTo(RIG.now());
        assertThat(RIG.branch(3)).isEmpty();
        assertThat(RIG.minted(2)).as("known").isEqualTo(RIG.now() - GRACE);
        assertThat(RIG.branch(1)).as("known").isEqualTo("1");
        RIG.pass(GRACE - 1);
        assertThat(RIG.row(3, "any")).as("its branch is not known").isEqualTo("REPLAYED+both of 4");
        RIG.pass(GRACE);
        assertThat(RIG.row(4, "4")).isEqualTo("ROTATED+both of 5");
    }

    @Test
    void recoveredWhenFarAheadThenAllFourAreNew() {
        assertThat(RIG.row(1_000, "x")).isEqualTo("RECOVERED+access of 1000");
        for (int generation = 997; generation <= 1_000; generation++) {
            assertThat(RIG.minted(generation)).isEqualTo(RIG.now());
            assertThat(RIG.branch(generation)).isEmpty();
        }
        assertThat(RIG.row(1, "1")).isEqualTo("STALE");
    }

    @Test
    void recoveredWhenSentTwiceThenReplayed() {
        RIG.row(3, "3");
        assertThat(RIG.row(3, "3")).isEqualTo("REPLAYED+access of 3");
    }

    @Test
    void replayedWithoutRefreshWhenTheCurrentTokenIsYoung() {
        RIG.pass(GRACE - 1);
        assertThat(RIG.row(1, "a")).isEqualTo("REPLAYED+access of 1");
        assertThat(RIG.used(1)).isEqualTo(RIG.now());
        assertThat(RIG.minted(1)).isEqualTo(RIG.now());
        assertThat(RIG.forked(1)).as("no new branch").isEqualTo(RIG.now() - GRACE + 1);
        assertThat(RIG.row(1, "a")).as("sent twice").isEqualTo("REPLAYED+access of 1");
        RIG.pass(1);
        assertThat(RIG.row(1, "a")).as("at exactly grace").isEqualTo("ROTATED+both of 2");
        assertThat(RIG.used(1)).as("the first use stays").isEqualTo(RIG.now() - 1);
    }

    @Test
    void rotatedWhenTheCurrentTokenIsOlder() {
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        assertThat(RIG.used(1)).isEqualTo(RIG.now());
        assertThat(RIG.branch(1)).isEqualTo("a");
        assertThat(RIG.minted(2)).isEqualTo(RIG.now());
        assertThat(RIG.forked(2)).isEqualTo(RIG.now());
        assertThat(RIG.used(2)).isEqualTo(-1);
        assertThat(RIG.branch(2)).isEmpty();
    }

    @Test
    void rotatedWhenSentTwiceThenBothTokensAgain() {
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        assertThat(RIG.row(1, "a")).isEqualTo("REPLAYED+both of 2");
        assertThat(RIG.generation()).isEqualTo(2);
    }

    @Test
    void rotatedWhenASlotIsTakenAgainThenNothingOfTheOldOneStays() {
        for (int generation = 1; generation <= 4; generation++) {
            RIG.pass(GRACE);
            RIG.row(generation, "b" + generation);
        }
        assertThat(RIG.used(5)).isEqualTo(-1);
        assertThat(RIG.branch(5)).as("of generation 1 in the same field").isEmpty();
    }

    @Test
    void rotatedWhenItCountsThenTheIdleTimeBeginsAnewUpToTheEnd() {
        assertThat(RIG.redis().pttl(KEY)).isBetween(IDLE - 5_000, IDLE);
        RIG.pass(GRACE);
        RIG.redis().pexpire(KEY, 1_000_000);
        RIG.row(1, "a");
        assertThat(RIG.redis().pttl(KEY)).isBetween(IDLE - 5_000, IDLE);
        RIG.row(1, "a");
        RIG.pass(ABSOLUTE - GRACE - 60_000);
        RIG.row(2, "b");
        assertThat(RIG.redis().pttl(KEY)).isBetween(55_000L, 60_000L);
    }

    @Test
    void rotatedWhenAccessTokensMayBeAliveThenTheyAreDenied() {
        RIG.pass(GRACE);
        RIG.row(1, "a");
        assertThat(RIG.redis().hget(DENIED, ScriptRig.SESSION.value()))
                .isEqualTo("1,2," + (RIG.now() + GRACE) + "," + (RIG.now() + ENTRY));
        assertThat(RIG.denies(1)).isFalse();
        RIG.pass(GRACE);
        assertThat(RIG.denies(1)).isTrue();
        assertThat(RIG.denies(2)).isFalse();
    }

    @Test
    void rotatedWhenNoAccessTokenCanBeAliveThenNothingIsDenied() {
        RIG.pass(ACCESS);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        assertThat(RIG.redis().exists(DENIED)).isZero();
    }

    @Test
    void rotatedWhenTheLastMintWasLaterThanTheFirstThenItCounts() {
        RIG.pass(GRACE - 1);
        RIG.row(1, "a");
        RIG.pass(ACCESS - 1);
        RIG.row(1, "a");
        assertThat(RIG.redis().exists(DENIED)).isOne();
    }

    @Test
    void replayedWithRefreshWhenTheOneBeforeComesFromTheBranchThatRotated() {
        RIG.pass(GRACE);
        RIG.row(1, "a");
        RIG.pass(IDLE / 2);
        assertThat(RIG.row(1, "a")).as("unused, however late").isEqualTo("REPLAYED+both of 2");
        assertThat(RIG.minted(2)).isEqualTo(RIG.now());
        assertThat(RIG.forked(2)).isEqualTo(RIG.now());
        assertThat(RIG.used(2)).as("of its tokens none was presented").isEqualTo(-1);
        assertThat(RIG.row(1, "a")).as("sent twice").isEqualTo("REPLAYED+both of 2");
        assertThat(RIG.generation()).isEqualTo(2);
    }

    @Test
    void staleWhenTheOneBeforeComesFromAnotherBranch() {
        RIG.pass(GRACE);
        RIG.row(1, "a");
        Map<String, String> before = RIG.record();
        assertThat(RIG.row(1, "b")).isEqualTo("STALE");
        before.put("strike", "1," + RIG.now());
        assertThat(RIG.record()).as("nothing else is touched").isEqualTo(before);
    }

    @Test
    void staleWhenTheOneBeforeComesAfterGraceOfTheFirstUse() {
        RIG.pass(GRACE);
        RIG.row(1, "a");
        RIG.confirm(2);
        RIG.pass(GRACE - 1);
        assertThat(RIG.row(1, "a")).isEqualTo("REPLAYED+both of 2");
        RIG.pass(1);
        assertThat(RIG.row(1, "a")).isEqualTo("STALE");
    }

    @Test
    void staleWhenSentTwiceThenTheStrikeStays() {
        RIG.pass(GRACE);
        RIG.row(1, "a");
        RIG.row(1, "b");
        String firstReplay = RIG.record().get("strike");
        RIG.pass(2 * GRACE - 1);
        assertThat(RIG.row(1, "b")).isEqualTo("STALE");
        assertThat(RIG.record()).containsEntry("strike", firstReplay).containsEntry("state", "active");
    }

    @Test
    void staleWhenANewerOldOneComesThenItIsNotedBesideThoseOfBefore() {
        rotatesUpTo(4);
        assertThat(RIG.row(1, "b1")).isEqualTo("STALE");
        long first = RIG.now();
        RIG.pass(2 * GRACE - 1);
        assertThat(RIG.row(2, "b2")).as("above the first replay").isEqualTo("STALE");
        assertThat(RIG.record()).containsEntry("strike", "2," + first).doesNotContainKey("spent");
        RIG.pass(1 + 5 * GRACE);
        assertThat(RIG.row(3, "x")).as("above the newest replay").isEqualTo("STALE");
        assertThat(RIG.record()).containsEntry("strike", "3," + RIG.now()).containsEntry("spent", "2");
        RIG.pass(2 * GRACE - 1);
        assertThat(RIG.row(3, "x")).as("below a recent replay").isEqualTo("STALE");
        assertThat(RIG.row(2, "b2")).as("below an old replay").isEqualTo("REUSED");
    }

    /** A thief of the newest tokens also has old ones, and could make a replay between any two of the owner's. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void reusedWhenAThiefPresentsOldTokensOfHisOwnMeanwhileThenTheOwnersSecondIsFoundAllTheSame(int owners) {
        rotatesUpTo(5);
        assertThat(RIG.row(1, "b1")).as("the thief's").isEqualTo("STALE");
        assertThat(RIG.row(owners, "b" + owners)).as("the owner's first").isEqualTo("STALE");
        for (int thiefs = 5; thiefs < 7; thiefs++) {
            assertThat(RIG.row(thiefs - 2, "b" + (thiefs - 2)))
                    .as("the thief's")
                    .isEqualTo("STALE");
            RIG.pass(GRACE);
            assertThat(RIG.row(thiefs, "b" + thiefs)).isEqualTo("ROTATED+both of " + (thiefs + 1));
        }
        assertThat(RIG.row(5, "b5")).as("the thief's").isEqualTo("STALE");
        assertThat(RIG.row(owners, "b" + owners)).as("the owner's second").isEqualTo("REUSED");
    }

    private static void rotatesUpTo(int newest) {
        for (int generation = 1; generation < newest; generation++) {
            RIG.pass(GRACE);
            RIG.row(generation, "b" + generation);
        }
    }

    @Test
    void reusedWhenTheSameOldTokenComesTwiceGraceLater() {
        RIG.pass(GRACE);
        RIG.row(1, "a");
        assertThat(RIG.row(1, "b")).isEqualTo("STALE");
        RIG.pass(2 * GRACE);
        assertThat(RIG.row(1, "b")).isEqualTo("REUSED");
        assertThat(RIG.tombstone()).startsWith("reused,");
        assertThat(RIG.denies(1)).isTrue();
        assertThat(RIG.denies(Integer.MAX_VALUE - 1)).isTrue();
        assertThat(RIG.row(1, "b")).as("sent twice").isEqualTo("REVOKED");
        assertThat(RIG.row(2, "x")).isEqualTo("REVOKED");
        assertThat(RIG.reason(2, "x")).isEqualTo("reused");
    }

    /** A version before this one kept an ended session's record. */
    @Test
    void revokedWhenTheRecordSaysSoThenItSaysWhyToo() {
        RIG.redis().hset(KEY, "state", "revoked:signed-out");
        assertThat(RIG.row(1, "a")).isEqualTo("REVOKED");
        assertThat(RIG.reason(1, "a")).isEqualTo("signed-out");
    }

    @Test
    void revokedWhenNothingReadableSaysWhyThenNoReason() {
        RIG.redis().del(KEY);
        RIG.redis().hset(SessionKeys.all(SESSION).get(2), SESSION.value(), "");
        assertThat(RIG.row(1, "a")).isEqualTo("REVOKED");
        assertThat(RIG.reason(1, "a")).isEmpty();
    }

    @Test
    void grantedWhenAnsweredThenWithWhatMintingNeeds() {
        RIG.pass(GRACE);
        assertThat(RIG.rotate(1, "a").parts().stream().map(String::valueOf))
                .containsExactly(
                        String.valueOf(RIG.now()),
                        "ROTATED",
                        "2",
                        String.valueOf(RIG.now() - GRACE),
                        String.valueOf(RIG.now() - GRACE + ABSOLUTE),
                        RIG.record().get("claims"),
                        "1");
    }

    @Test
    void clockWhenNotGivenThenThatOfTheServer() {
        long before = System.currentTimeMillis();
        String script = RedisSessionStore.ROTATE.getScriptAsString();
        Object now = RIG.redis()
                .<List<Object>>eval(
                        script,
                        ScriptOutputType.MULTI,
                        new String[] {"latchkey:session:{00}:none", "latchkey:denied:{00}", "latchkey:ended:{00}"},
                        "none",
                        "1",
                        "a",
                        "1",
                        "1",
                        "1",
                        "1",
                        "0",
                        "",
                        "0",
                        "0",
                        "1",
                        "")
                .get(0);
        assertThat((Long) now).isBetween(before - 1, System.currentTimeMillis() + 1);
    }

    @Test
    void forcedWhenTheCurrentTokenIsYoungThenItsGenerationStays() {
        assertThat(RIG.row(1, "a")).as("young").isEqualTo("REPLAYED+access of 1");
        RIG.pass(GRACE);
        RIG.row(1, "a");
        RIG.pass(GRACE - 1);
        assertThat(RIG.forcedRow(2, "b")).isEqualTo("FORCED+access of 2");
        assertThat(RIG.minted(2)).as("its tokens of now are denied with it").isEqualTo(RIG.now());
        assertThat(RIG.used(2)).isEqualTo(RIG.now());
        assertThat(RIG.branch(2)).isEmpty();
        assertThat(RIG.denies(2)).as("what it has just been granted").isFalse();
        assertThat(RIG.row(1, "a")).as("a request that was under way").isEqualTo("REPLAYED+both of 2");
    }

    @Test
    void forcedWhenNotTheCurrentTokenOrNotYoungThenTheOtherRows() {
        RIG.pass(GRACE);
        assertThat(RIG.forcedRow(1, "a")).isEqualTo("ROTATED+both of 2");
        assertThat(RIG.forcedRow(1, "a")).isEqualTo("REPLAYED+both of 2");
        assertThat(RIG.forcedRow(1, "z")).isEqualTo("STALE");
        assertThat(RIG.forcedRow(3, "c")).isEqualTo("RECOVERED+access of 3");
        RIG.revoke("user-gone");
        assertThat(RIG.forcedRow(3, "c")).isEqualTo("REVOKED");
    }
}
