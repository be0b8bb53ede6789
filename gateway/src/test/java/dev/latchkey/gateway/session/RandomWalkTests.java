package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ACCESS;
import static dev.latchkey.gateway.session.ScriptRig.DENIED;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long random walks in which the scripts and the plain table must agree at each step. */
final class RandomWalkTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final int STEPS = 250;
    private static final long[] WAITS = {0, 0, 1, GRACE / 2, GRACE - 1, GRACE, GRACE + 1, 2 * GRACE, ACCESS};
    private static final String[] BRANCHES = {"x", "x", "x", "y"};

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void scriptsWhenWalkedAtRandomThenAgreeWithTheTable(int seed) {
        Random random = new Random(seed);
        Set<String> rows = new HashSet<>();
        TableModel model = new TableModel(RIG.now());
        for (int step = 0; step < STEPS; step++) {
            if (model.isRevoked() && random.nextInt(4) == 0) {
                model = signInAnew();
            }
            if (!model.isRevoked()) {
                RIG.redis().persist(KEY);
                RIG.redis().hset(KEY, "expires", "9000000000000");
            }
            RIG.pass(WAITS[random.nextInt(WAITS.length)]);
            step(random, model, rows, "seed " + seed + ", step " + step);
            assertDenials(model);
        }
        assertThat(rows).as("the walk went everywhere").contains("ROTATED", "REPLAYED", "STALE", "REUSED", "REVOKED");
    }

    private static TableModel signInAnew() {
        RIG.redis().flushall();
        RIG.create(ScriptRig.SESSION);
        return new TableModel(RIG.now());
    }

    private static void step(Random random, TableModel model, Set<String> rows, String where) {
        int generation = Math.max(1, model.newest() + near(random));
        switch (random.nextInt(6)) {
            case 0 -> {
                RIG.confirm(generation);
                model.confirm(generation, RIG.now());
            }
            case 1 -> {
                boolean refresh = random.nextBoolean();
                assertThat(RIG.commit(generation, refresh))
                        .as(where)
                        .isEqualTo(model.commit(generation, refresh, RIG.now()));
            }
            default -> {
                String branch = BRANCHES[random.nextInt(BRANCHES.length)];
                String row = model.rotate(generation, branch, RIG.now());
                assertThat(RIG.row(generation, branch))
                        .as("%s: %d%s", where, generation, branch)
                        .isEqualTo(row);
                rows.add(row.split("\\+", -1)[0]);
            }
        }
        if (model.isRevoked()) {
            assertThat(RIG.tombstone()).as(where).startsWith("reused,");
        } else {
            assertThat(RIG.generation()).as(where).isEqualTo(model.newest());
        }
    }

    /** Mostly the newest and the one before; rarely older ones, or one that a failover has lost. */
    private static int near(Random random) {
        int die = random.nextInt(40);
        if (die == 0) {
            return 1 + random.nextInt(2);
        }
        if (die == 1) {
            return -2 - random.nextInt(3);
        }
        return die < 26 ? 0 : -1;
    }

    /** The hash as a whole ends by the server's clock, which stands still here; what it says must hold by ours. */
    private static void assertDenials(TableModel model) {
        RIG.redis().persist(DENIED);
        for (int generation = Math.max(1, model.newest() - 5); generation <= model.newest(); generation++) {
            assertThat(RIG.denies(generation))
                    .as("generation %d of %d", generation, model.newest())
                    .isEqualTo(model.denies(generation, RIG.now()));
        }
    }
}
