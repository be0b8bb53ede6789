package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ABSOLUTE;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signing out by a refresh token on a real server: what rotate would grant ends the session, and nothing else does. */
final class SignOutScriptTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    @Test
    void signOutWhenCurrentThenEndedYoungOrNot() {
        assertThat(RIG.signOut(1, "b1")).isEqualTo("ENDED");
        assertThat(RIG.denies(1)).isTrue();
        RIG.begin();
        RIG.pass(GRACE);
        assertThat(RIG.signOut(1, "b1")).isEqualTo("ENDED");
        assertThat(RIG.row(1, "b1")).isEqualTo("REVOKED");
        assertThat(RIG.signOut(1, "b1")).as("once more").isEqualTo("REVOKED");
    }

    @Test
    void signOutWhenOneBeforeThenEndedWhereARotationWouldBeReplayed() {
        rotateOnce();
        RIG.pass(100 * GRACE);
        assertUnchangedBy("another branch", 1, "b9");
        RIG.confirm(2);
        RIG.pass(GRACE);
        assertUnchangedBy("used for a grace", 1, "b1");
        RIG.begin();
        rotateOnce();
        RIG.pass(100 * GRACE);
        assertThat(RIG.signOut(1, "b1")).isEqualTo("ENDED");
    }

    @Test
    void signOutWhenOlderThenStaleHoweverOften() {
        rotateOnce();
        RIG.pass(GRACE);
        RIG.row(2, "b2");
        for (int i = 0; i < 5; i++) {
            RIG.pass(3 * GRACE);
            assertUnchangedBy("two generations old", 1, "b1");
        }
    }

    @Test
    void signOutWhenRedisLostTheGenerationThenEnded() {
        assertThat(RIG.signOut(7, "b7")).isEqualTo("ENDED");
        assertThat(RIG.denies(7)).isTrue();
    }

    @Test
    void signOutWhenThereIsNoSessionThenSaysWhy() {
        RIG.redis().hset(KEY, "expires", Long.toString(RIG.now()));
        assertThat(RIG.signOut(1, "b1")).isEqualTo("EXPIRED");
        RIG.pass(ABSOLUTE);
        RIG.redis().del(KEY);
        assertThat(RIG.signOut(1, "b1")).isEqualTo("UNKNOWN");
        assertThat(RIG.denies(1)).isFalse();
    }

    @Test
    void signOutWhenNobodyCanReadTheRecordThenEnded() {
        RIG.redis().hset(KEY, "gen", "many");
        assertThat(RIG.signOut(1, "b1")).isEqualTo("UNREADABLE");
        assertThat(RIG.denies(1)).isTrue();
        assertThat(RIG.redis().exists(KEY)).isZero();
    }

    @Test
    void signOutWhenALaterVersionWroteTheRecordThenLeftToIt() {
        RIG.redis().hset(KEY, "format", "3");
        Map<String, String> before = RIG.record();
        assertThat(RIG.signOut(1, "b1")).isEqualTo("LATER");
        assertThat(RIG.record()).isEqualTo(before);
    }

    private static void rotateOnce() {
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "b1")).isEqualTo("ROTATED+both of 2");
    }

    private static void assertUnchangedBy(String why, int generation, String branch) {
        Map<String, String> before = RIG.record();
        assertThat(RIG.signOut(generation, branch)).as(why).isEqualTo("STALE");
        assertThat(RIG.record()).as(why).isEqualTo(before);
    }
}
