package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ACCESS;
import static dev.latchkey.gateway.session.ScriptRig.ENTRY;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.IDLE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.Generation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the scripts decide of a session that is bound to a device. */
final class BoundSessionRowsTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final String DEVICE = "A".repeat(44);
    private static final String OTHER = "B".repeat(44);
    private static final DeviceProof REGISTERS = new DeviceProof(DEVICE, Generation.FIRST, true);
    private static final String BOUND = "BOUND+both of 2";
    private static final String UNPROVEN = "UNPROVEN";

    @Test
    void rotateWhenItRegistersThenBoundAndRotatedThoughYoung() {
        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo(BOUND);

        assertThat(RIG.record()).containsEntry("format", "2").containsEntry("key", DEVICE);
        RIG.pass(GRACE);
        assertThat(RIG.denies(1)).isTrue();
    }

    @Test
    void rotateWhenItRegistersOnceMoreThenTheSameKeyOnlyAndWithinGrace() {
        RIG.row(1, "b1", REGISTERS);

        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo("REPLAYED+both of 2");
        assertThat(RIG.row(1, "b1", new DeviceProof(OTHER, Generation.FIRST, true)))
                .isEqualTo(UNPROVEN);
        assertThat(RIG.row(2, "b2", new DeviceProof(OTHER, Generation.FIRST, true)))
                .isEqualTo(UNPROVEN);
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo(UNPROVEN);
        assertThat(RIG.record()).containsEntry("key", DEVICE);
    }

    @Test
    void rotateWhenItRegistersLateOrInALaterGenerationThenNotBound() {
        RIG.pass(DeviceChallenges.REGISTRATION.toMillis());
        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo(UNPROVEN);
        RIG.begin();
        RIG.pass(DeviceChallenges.REGISTRATION.toMillis() - 1);
        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo(BOUND);

        RIG.begin();
        RIG.pass(GRACE);
        RIG.row(1, "b1");
        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo(UNPROVEN);
        assertThat(RIG.row(2, "b2", REGISTERS)).isEqualTo(UNPROVEN);
        assertThat(RIG.record()).doesNotContainKeys("format", "key");
    }

    @Test
    void rotateWhenNotProvenThenNothingChangesHoweverOld() {
        bindAndUse();
        Map<String, String> before = RIG.record();

        for (int generation = 1; generation <= 4; generation++) {
            assertThat(RIG.row(generation, "b")).isEqualTo(UNPROVEN);
            assertThat(RIG.forcedRow(generation, "b")).isEqualTo(UNPROVEN);
            assertThat(RIG.row(generation, "b", proof(OTHER, 2))).isEqualTo(UNPROVEN);
            assertThat(RIG.signOut(generation, "b")).isEqualTo(UNPROVEN);
            RIG.pass(3 * GRACE);
        }
        assertThat(RIG.record()).isEqualTo(before);
        assertThat(RIG.tombstone()).isEmpty();
        assertThat(RIG.denies(2)).isFalse();
    }

    @Test
    void rotateWhenProvenThenAsEver() {
        bindAndUse();
        RIG.pass(ACCESS);

        assertThat(RIG.row(2, "b2", proof(DEVICE, 2))).isEqualTo("ROTATED+both of 3");
        assertThat(RIG.row(2, "b2", proof(DEVICE, 2))).as("sent again").isEqualTo("REPLAYED+both of 3");
        assertThat(RIG.row(3, "b3", proof(DEVICE, 2))).as("with its answer").isEqualTo("REPLAYED+access of 3");
        RIG.pass(GRACE);
        assertThat(RIG.row(3, "b3", proof(DEVICE, 3))).isEqualTo("ROTATED+both of 4");
    }

    /** What was captured before is good for less than a grace, however often it is sent. */
    @Test
    void rotateWhenAnOldProofIsSentAgainAndAgainThenItEndsWithTheGrace() {
        bindAndUse();
        RIG.pass(ACCESS);
        RIG.row(2, "b2", proof(DEVICE, 2));
        long rotated = RIG.now();
        while (RIG.now() - rotated < GRACE) {
            assertThat(RIG.row(2, "b2", proof(DEVICE, 2))).startsWith("REPLAYED");
            assertThat(RIG.row(3, "b3", proof(DEVICE, 2))).startsWith("REPLAYED");
            assertThat(RIG.commit(3, true)).isTrue();
            RIG.pass(GRACE / 4);
        }
        assertThat(RIG.row(2, "b2", proof(DEVICE, 2))).isEqualTo(UNPROVEN);
        assertThat(RIG.row(3, "b3", proof(DEVICE, 2))).isEqualTo(UNPROVEN);
        assertThat(RIG.generation()).isEqualTo(3);
    }

    /** Else anybody who has seen the proof could rotate by it later. */
    @Test
    void rotateWhenProvenWhileYoungThenTheChallengeIsUsedUp() {
        bindAndUse();
        RIG.pass(ACCESS);
        RIG.row(2, "b2", proof(DEVICE, 2));

        assertThat(RIG.row(3, "b3", proof(DEVICE, 3))).isEqualTo("ROTATED+both of 4");
        RIG.pass(GRACE);
        assertThat(RIG.row(3, "b3", proof(DEVICE, 3))).isEqualTo(UNPROVEN);
    }

    /** A browser that comes back with old cookies is its owner's all the same. */
    @Test
    void rotateWhenProvenAnewWithAnOldTokenThenGrantedAndNotStruck() {
        bindAndUse();
        for (int generation = 2; generation < 6; generation++) {
            RIG.pass(ACCESS);
            RIG.row(generation, "b", proof(DEVICE, generation));
            RIG.confirm(generation + 1);
        }
        RIG.pass(ACCESS);

        assertThat(RIG.row(3, "lost", proof(DEVICE, 6))).isEqualTo("ROTATED+both of 7");
        assertThat(RIG.commit(7, true)).isTrue();
        assertThat(RIG.row(3, "lost", proof(DEVICE, 5))).isEqualTo(UNPROVEN);
        assertThat(RIG.record()).doesNotContainKey("strike");
    }

    @Test
    void rotateWhenProvenForALaterGenerationThenOnlyAfterAFailover() {
        bindAndUse();
        assertThat(RIG.row(2, "b2", proof(DEVICE, 3))).isEqualTo(UNPROVEN);
        Map<String, String> before = RIG.record();
        RIG.pass(ACCESS);
        RIG.row(2, "b2", proof(DEVICE, 2));
        RIG.failover(before);
        assertThat(look("3", "b3").number(2)).as("to be signed next").isEqualTo(3);

        assertThat(RIG.row(3, "b3", proof(DEVICE, 2))).isEqualTo(UNPROVEN);
        assertThat(RIG.generation()).isEqualTo(2);
        assertThat(RIG.row(3, "b3", proof(DEVICE, 3))).isEqualTo("ROTATED+both of 4");
    }

    /** Its browser has no bound session, and would be signed out, also if it slept since. */
    @Test
    void rotateWhenTheAnswerThatBoundWasLostThenGoesOnUnbound() {
        RIG.row(1, "b1", REGISTERS);
        RIG.pass(IDLE - 1);

        assertThat(RIG.row(1, "other")).as("of another branch").isEqualTo(UNPROVEN);
        assertThat(RIG.row(1, "b1")).isEqualTo("RELEASED+both of 2");

        assertThat(RIG.record()).doesNotContainKeys("format", "key");
        RIG.pass(ACCESS);
        assertThat(RIG.row(2, "b2")).isEqualTo("ROTATED+both of 3");
    }

    /** The holder of the key has got that answer, so it was not the browser that went on without. */
    @Test
    void rotateWhenReleasedThenAProofBindsItAgain() {
        RIG.row(1, "b1", REGISTERS);
        RIG.pass(ACCESS);
        RIG.row(1, "b1");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "thief")).isEqualTo("ROTATED+both of 3");
        RIG.pass(GRACE);

        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo(UNPROVEN);
        assertThat(RIG.row(2, "owner")).as("asked for a proof").isEqualTo(UNPROVEN);
        assertThat(RIG.row(2, "owner", proof(OTHER, 3))).isEqualTo(UNPROVEN);
        assertThat(RIG.row(2, "owner", proof(DEVICE, 2))).isEqualTo(UNPROVEN);
        assertThat(RIG.record()).doesNotContainKeys("key", "format");
        assertThat(RIG.row(2, "owner", proof(DEVICE, 3))).isEqualTo("REBOUND+both of 4");

        assertThat(RIG.record())
                .containsEntry("key", DEVICE)
                .containsEntry("format", "2")
                .doesNotContainKey("released");
        assertThat(RIG.row(3, "thief")).isEqualTo(UNPROVEN);
        RIG.pass(GRACE);
        assertThat(RIG.denies(3)).isTrue();
    }

    /** Its browser has no key to prove, and a thief who has copied its cookies must not go on for ever. */
    @Test
    void rotateWhenReleasedAndTheSecondGenerationIsReplayedTwiceThenItEnds() {
        RIG.row(1, "b1", REGISTERS);
        RIG.pass(ACCESS);
        RIG.row(1, "b1");
        RIG.pass(GRACE);
        assertThat(RIG.row(2, "b2")).as("a copy").isEqualTo("ROTATED+both of 3");
        RIG.confirm(3);
        RIG.pass(GRACE);

        assertThat(RIG.row(2, "b2")).isEqualTo(UNPROVEN);
        RIG.pass(2 * GRACE - 1);
        assertThat(RIG.row(2, "b2")).as("no sooner").isEqualTo(UNPROVEN);
        RIG.pass(1);
        assertThat(RIG.row(2, "b2")).isEqualTo("REUSED");
        assertThat(RIG.row(3, "b3")).isEqualTo("REVOKED");
    }

    @Test
    void rotateWhenTheAnswerThatBoundHasArrivedThenTheFirstTokenOpensNothing() {
        RIG.row(1, "b1", REGISTERS);
        RIG.confirm(2);
        assertThat(RIG.row(1, "b1")).as("at once").isEqualTo(UNPROVEN);
        RIG.pass(GRACE);

        assertThat(RIG.row(1, "b1")).isEqualTo(UNPROVEN);
        assertThat(RIG.record()).containsEntry("key", DEVICE);
    }

    @Test
    void rotateWhenUnboundAndAKeyThenUnproven() {
        RIG.pass(GRACE);

        assertThat(RIG.row(1, "b1", proof(DEVICE, 1))).isEqualTo(UNPROVEN);
        assertThat(RIG.row(1, "b1")).isEqualTo("ROTATED+both of 2");
    }

    @Test
    void lookWhenBoundThenNotByARefreshToken() {
        bindAndUse();

        assertThat(look("2", "b2").text(1)).isEqualTo(UNPROVEN);
        assertThat(look("2", "b2").number(2)).isEqualTo(2);
        assertThat(look("", "").text(1)).isEqualTo("LIVE");
        assertThat(look("", "").text(7)).isEqualTo(DEVICE);
    }

    /** A bound record without its key would be an unbound one. */
    @Test
    void rotateWhenTheKeyIsBrokenThenTheSessionEnds() {
        for (String key : List.of("", "short", "!".repeat(44))) {
            RIG.begin();
            bindAndUse();
            RIG.redis().hset(KEY, "key", key);
            assertThat(RIG.row(2, "b2")).isEqualTo("UNREADABLE");
        }
        RIG.begin();
        bindAndUse();
        RIG.redis().hdel(KEY, "key");
        assertThat(RIG.row(2, "b2")).isEqualTo("UNREADABLE");
    }

    /** As while nodes are upgraded one by one: to say that only a later version can decide is a 503. */
    @Test
    void recordWhenBoundThenTheVersionBeforeDecidesNothing() {
        bindAndUse();
        Map<String, String> bound = RIG.record();
        String sid = ScriptRig.SESSION.value();

        assertThat(before(
                                "rotate",
                                SessionKeys.allAndUpstream(ScriptRig.SESSION),
                                sid,
                                2,
                                "b2",
                                GRACE,
                                IDLE,
                                ACCESS,
                                ENTRY,
                                0)
                        .text(1))
                .isEqualTo("LATER");
        assertThat(before("look", SessionKeys.recordAndEnded(ScriptRig.SESSION), sid, 2, "b2", GRACE)
                        .text(1))
                .isEqualTo("LATER");
        assertThat(before("sign-out", SessionKeys.all(ScriptRig.SESSION), sid, 2, "b2", GRACE, "signed-out", ENTRY)
                        .text(1))
                .isEqualTo("LATER");
        assertThat(before("commit", List.of(KEY), 2, 1, GRACE).number(1)).isZero();
        before("confirm", List.of(KEY), 2);
        assertThat(RIG.record()).isEqualTo(bound);
    }

    @Test
    void recordWhenUnboundThenTheVersionBeforeRotatesIt() {
        RIG.pass(GRACE);
        assertThat(before(
                                "rotate",
                                SessionKeys.allAndUpstream(ScriptRig.SESSION),
                                ScriptRig.SESSION.value(),
                                1,
                                "b1",
                                GRACE,
                                IDLE,
                                ACCESS,
                                ENTRY,
                                0)
                        .text(1))
                .as("unbound")
                .isEqualTo("ROTATED");
    }

    /** The scripts of the last version that knew no binding. */
    private static ScriptAnswer before(String name, List<String> keys, Object... arguments) {
        String folder = "dev/latchkey/gateway/session/unbound/";
        return RIG.run(
                TimedScripts.read(
                        "dev/latchkey/gateway/denylist/deny.lua", folder + "prelude.lua", folder + name + ".lua"),
                keys,
                arguments);
    }

    private static ScriptAnswer look(String generation, String branch) {
        return RIG.run(
                SessionReader.LOOK,
                SessionKeys.recordAndEnded(ScriptRig.SESSION),
                ScriptRig.SESSION.value(),
                generation,
                branch,
                GRACE);
    }

    private static DeviceProof proof(String key, int challenged) {
        return new DeviceProof(key, new Generation(challenged), false);
    }

    private static void bindAndUse() {
        assertThat(RIG.row(1, "b1", REGISTERS)).isEqualTo(BOUND);
        RIG.confirm(2);
        RIG.pass(GRACE);
    }
}
