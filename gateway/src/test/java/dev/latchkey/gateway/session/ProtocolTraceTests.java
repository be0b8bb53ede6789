package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ENTRY;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.SessionId;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The traces at the end of the protocol, as far as the scripts decide them. A token is named by its generation and its
 * branch; the first, at sign-in, is 1 of branch {@code 1}.
 */
final class ProtocolTraceTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final String BOTH_OF_2 = "+both of 2";

    @BeforeEach
    void graceOfSignInPasses() {
        RIG.pass(GRACE);
    }

    @Test
    void trace1WhenTwoBranchesOfOneGenerationThenTheJarsOneGoesOn() {
        assertThat(RIG.row(1, "1")).isEqualTo("ROTATED" + BOTH_OF_2);
        RIG.pass(GRACE - 1);
        assertThat(RIG.row(1, "1")).isEqualTo("REPLAYED" + BOTH_OF_2);
        RIG.pass(GRACE - 1);
        assertThat(RIG.row(2, "2a")).as("travelled while 2b landed").isEqualTo("REPLAYED+access of 2");
        RIG.pass(1);
        assertThat(RIG.row(2, "2b")).isEqualTo("ROTATED+both of 3");
    }

    @Test
    void trace1WhenTheAnswerThatRotatedIsLostThenItsTokenGoesOn() {
        RIG.row(1, "1");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2a")).as("its answer is lost").isEqualTo("ROTATED+both of 3");
        RIG.pass(20 * GRACE);
        assertThat(RIG.row(2, "2a")).isEqualTo("REPLAYED+both of 3");
    }

    @Test
    void trace2WhenAnotherBranchIsInUseThenALateOneIsNotSet() {
        RIG.row(1, "1");
        RIG.row(1, "1");
        RIG.confirm(2);
        RIG.pass(GRACE - 1);
        assertThat(RIG.commit(2, true)).as("still in grace").isTrue();
        RIG.pass(1);
        assertThat(RIG.commit(2, true)).as("2a is in the jar, and used").isFalse();
        assertThat(RIG.commit(2, false)).as("an access token only").isTrue();
    }

    @Test
    void trace2WhenAFailoverLosesTheCommitThenTheBranchInTheJarGoesOn() {
        RIG.row(1, "1");
        RIG.row(1, "1");
        RIG.pass(GRACE);
        Map<String, String> before = RIG.record();
        RIG.commit(2, true);
        RIG.failover(before);
        assertThat(RIG.row(2, "2a")).as("trouble at commit: nothing was set").isEqualTo("ROTATED+both of 3");
        RIG.pass(GRACE);
        assertThat(RIG.row(3, "3a")).isEqualTo("ROTATED+both of 4");
    }

    @Test
    void trace3WhenSentTwiceThenNoHarm() {
        assertThat(RIG.row(1, "1")).isEqualTo("ROTATED" + BOTH_OF_2);
        assertThat(RIG.row(1, "1")).isEqualTo("REPLAYED" + BOTH_OF_2);
        assertThat(RIG.row(1, "1")).isEqualTo("REPLAYED" + BOTH_OF_2);
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2")).isEqualTo("ROTATED+both of 3");
        assertThat(RIG.row(2, "2")).isEqualTo("REPLAYED+both of 3");
        RIG.pass(GRACE);
        assertThat(RIG.row(3, "3")).isEqualTo("ROTATED+both of 4");
        assertThat(RIG.record()).doesNotContainKey("strike");
    }

    @Test
    void trace4WhenBothBranchesAreUnderWayAsGraceEndsThenTheSecondIsReplayed() {
        RIG.row(1, "1");
        RIG.pass(GRACE - 1);
        RIG.row(1, "1");
        RIG.pass(1);
        assertThat(RIG.row(2, "2a")).as("grace counts from the newer branch").isEqualTo("REPLAYED+access of 2");
        assertThat(RIG.row(2, "2b")).isEqualTo("REPLAYED+access of 2");
        assertThat(RIG.record()).doesNotContainKey("strike");
    }

    @Test
    void trace4WhenOneTokenIsSentBothWaysAsGraceEndsThenTheSecondIsReplayed() {
        RIG.row(1, "1");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2")).as("explicit").isEqualTo("ROTATED+both of 3");
        assertThat(RIG.row(2, "2")).as("transparent").isEqualTo("REPLAYED+both of 3");
    }

    @Test
    void trace4WhenTheOlderBranchTravelsLongerThanGraceThenStaleWithoutHarm() {
        RIG.row(1, "1");
        RIG.row(1, "1");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2b")).isEqualTo("ROTATED+both of 3");
        assertThat(RIG.row(2, "2a")).as("later than what is promised").isEqualTo("STALE");
        RIG.pass(GRACE);
        assertThat(RIG.row(3, "3")).isEqualTo("ROTATED+both of 4");
    }

    @Test
    void trace5WhenAThiefRefreshesWithHisNewestOnlyThenStaleThenReused() {
        assertThat(RIG.row(1, "1")).as("the thief").isEqualTo("ROTATED" + BOTH_OF_2);
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "1")).as("the victim").isEqualTo("REPLAYED" + BOTH_OF_2);
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "thief")).isEqualTo("ROTATED+both of 3");
        assertThat(RIG.row(2, "victim")).isEqualTo("STALE");
        RIG.pass(2 * GRACE);
        assertThat(RIG.row(2, "victim")).isEqualTo("REUSED");
        assertThat(RIG.row(3, "thief")).isEqualTo("REVOKED");
        assertThat(RIG.denies(3)).isTrue();
    }

    @Test
    void trace6WhenACopyIsTwoBehindThenStaleAlsoWithinGrace() {
        RIG.row(1, "1");
        RIG.pass(GRACE);
        RIG.row(2, "2");
        assertThat(RIG.row(1, "1")).isEqualTo("STALE");
    }

    @Test
    void trace7WhenRotatedEachGraceThenTheFirstAccessTokenStaysDenied() {
        for (int generation = 1; generation <= 3; generation++) {
            assertThat(RIG.row(generation, "b" + generation)).startsWith("ROTATED");
            assertThat(RIG.denies(1)).as("after generation %d", generation + 1).isEqualTo(generation > 1);
            RIG.pass(GRACE);
            assertThat(RIG.denies(1)).isTrue();
        }
        RIG.pass(ENTRY - GRACE - 1);
        assertThat(RIG.denies(1)).isTrue();
    }

    @Test
    void trace8WhenConfirmedAboveTheStoredThenItsFirstUseIsUnset() {
        RIG.row(1, "1");
        RIG.confirm(3);
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2")).isEqualTo("ROTATED+both of 3");
        assertThat(RIG.used(3)).isEqualTo(-1);
        RIG.pass(5 * GRACE);
        assertThat(RIG.row(2, "2")).as("its answer was lost").isEqualTo("REPLAYED+both of 3");
    }

    @Test
    void trace9WhenTheClockJumpsBeforeTheSiblingThenAllGoOn() {
        RIG.row(1, "1");
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "1")).as("the sibling").isEqualTo("REPLAYED" + BOTH_OF_2);
        assertThat(RIG.row(2, "2a")).as("its grace begins anew").isEqualTo("REPLAYED+access of 2");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2b")).isEqualTo("ROTATED+both of 3");
    }

    @Test
    void trace9WhenTheClockJumpsAndTheNextAnswerIsSlowThenStaleAndAllGoOn() {
        RIG.row(1, "1");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2a")).as("its answer is slow").isEqualTo("ROTATED+both of 3");
        assertThat(RIG.row(1, "1")).as("the sibling").isEqualTo("STALE");
        assertThat(RIG.row(2, "2a")).isEqualTo("REPLAYED+both of 3");
        RIG.pass(GRACE);
        assertThat(RIG.row(3, "3")).isEqualTo("ROTATED+both of 4");
    }

    @Test
    void trace10WhenAnAnswerOfTheOneBeforeIsLateThenItSetsNothing() {
        RIG.row(1, "1");
        RIG.pass(GRACE);
        RIG.row(2, "2");
        assertThat(RIG.commit(2, true)).isFalse();
        assertThat(RIG.commit(2, false)).isFalse();
        assertThat(RIG.commit(3, true)).isTrue();
    }

    @Test
    void trace11WhenAnOldTokenComesTwiceThenBothHoldersAreOut() {
        RIG.row(1, "1");
        RIG.confirm(2);
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "1")).isEqualTo("STALE");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "2")).as("the owner goes on").isEqualTo("ROTATED+both of 3");
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "1")).isEqualTo("REUSED");
        assertThat(RIG.row(1, "1")).isEqualTo("REVOKED");
        assertThat(RIG.row(3, "3")).isEqualTo("REVOKED");
        assertThat(RIG.denies(3)).isTrue();
        assertThat(RIG.tombstone()).startsWith("reused,");
    }

    @Test
    void trace12WhenSignedOutMeanwhileThenTheAnswerSetsNothing() {
        RIG.row(1, "1");
        RIG.revoke("signed-out");
        assertThat(RIG.commit(2, true)).isFalse();
        assertThat(RIG.commit(2, false)).isFalse();
        assertThat(RIG.denies(2)).isTrue();
    }

    @Test
    void trace12WhenSignedInOverThenTheNewSessionLosesNothing() {
        SessionId newer = new SessionId("ZyXwVuTsRqPoNmLkJiHgFg");
        RIG.row(1, "1");
        RIG.create(newer);
        RIG.revoke(SESSION, "signed-in-over");
        assertThat(RIG.commit(2, true)).isFalse();
        assertThat(RIG.row(1, "1")).as("late, of the old session").isEqualTo("REVOKED");
        RIG.pass(GRACE);
        assertThat(RIG.rotate(newer, 1, "n").text(1)).isEqualTo("ROTATED");
    }
}
