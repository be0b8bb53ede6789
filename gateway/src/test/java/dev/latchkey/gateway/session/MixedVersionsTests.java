package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ENTRY;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static dev.latchkey.gateway.session.ScriptRig.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.denylist.TimedScripts;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Nodes of this version and of the one before on one Redis, as while they are replaced one by one: each reads what the
 * other wrote. The scripts of the version before lie beside the tests as they were.
 */
final class MixedVersionsTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final int STEPS = 250;
    private static final long[] WAITS = {0, 0, 1, GRACE / 2, GRACE - 1, GRACE, GRACE + 1, 2 * GRACE};
    private static final String FOLDER = "dev/latchkey/gateway/session/before/";
    private static final List<String> RECORD = List.of(KEY);
    private static final List<String> RECORD_AND_DENIED = List.of(KEY, DenylistKeys.denied(Shard.of(SESSION)));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void sessionWhenNodesOfBothVersionsServeItThenAsIfThereWereOne(int seed) {
        Random random = new Random(seed);
        TableModel model = new TableModel(RIG.now());
        Set<String> rows = new HashSet<>();
        for (int step = 0; step < STEPS && !model.isRevoked(); step++) {
            RIG.redis().persist(KEY);
            RIG.redis().hset(KEY, "expires", "9000000000000");
            RIG.pass(WAITS[random.nextInt(WAITS.length)]);
            int generation = Math.max(1, model.newest() - random.nextInt(2));
            String branch = random.nextInt(4) == 0 ? "y" : "x";
            boolean isBefore = random.nextBoolean();
            String expected = isBefore
                    ? model.rotateBefore(generation, branch, RIG.now())
                    : model.rotate(generation, branch, RIG.now());
            String row = isBefore ? rowBefore(generation, branch) : RIG.row(generation, branch);
            rows.add(row.split("\\+", -1)[0]);
            assertThat(row)
                    .as("seed %d, step %d: %d%s", seed, step, generation, branch)
                    .isEqualTo(expected);
        }
        assertThat(rows).contains("ROTATED", "REPLAYED", "STALE");
    }

    @Test
    void sessionWhenEndedByThisVersionThenTheOneBeforeRefusesItToo() {
        RIG.revoke("signed-out");
        assertThat(rowBefore(1, "a")).isIn("REVOKED", "UNKNOWN");
        assertThat(before("commit", RECORD, 1, 1, GRACE).get(1)).isEqualTo(0L);
        assertThat(before("standing", RECORD, 1).get(1)).isEqualTo(0L);
    }

    @Test
    void sessionWhenEndedByTheVersionBeforeThenThisOneRefusesItToo() {
        before("revoke", RECORD_AND_DENIED, SESSION.value(), "signed-out", ENTRY);
        assertThat(RIG.denies(1)).isTrue();
        assertThat(RIG.row(1, "a")).isEqualTo("REVOKED");
        assertThat(RIG.commit(1, true)).isFalse();
    }

    @Test
    void entriesWhenThisVersionWroteThemThenTheOneBeforeCanReadThem() {
        RIG.pass(GRACE);
        RIG.row(1, "a");
        assertThat(entry()).matches("\\d+,\\d+,\\d+,\\d+");
        RIG.revoke("signed-out");
        assertThat(entry()).matches("\\d+,\\d+,\\d+,\\d+");
        before("restore", RECORD_AND_DENIED, SESSION.value(), 5, 6, RIG.now(), RIG.now() + ENTRY);
        assertThat(RIG.denies(100)).isTrue();
    }

    private static String entry() {
        return RIG.redis().hget(ScriptRig.DENIED, SESSION.value());
    }

    private static String rowBefore(int generation, String branch) {
        List<?> parts = before(
                "rotate",
                RECORD_AND_DENIED,
                SESSION.value(),
                generation,
                branch,
                GRACE,
                ScriptRig.IDLE,
                ScriptRig.ACCESS,
                ENTRY);
        if (parts.size() == 2) {
            return String.valueOf(parts.get(1));
        }
        return parts.get(1) + (Long.valueOf(1).equals(parts.get(6)) ? "+both" : "+access") + " of " + parts.get(2);
    }

    private static List<?> before(String name, List<String> keys, Object... arguments) {
        RedisScript<?> script = TimedScripts.read(FOLDER + "prelude.lua", FOLDER + name + ".lua");
        return RIG.run(script, keys, arguments).parts();
    }
}
