package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.testing.ModelExploration;
import dev.latchkey.gateway.testing.SpinModel;
import dev.latchkey.gateway.token.Generation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The model of sessions that are bound to a device, and the scripts beside it: they must answer alike. */
final class DeviceModelIT extends ModelExploration {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final int SEEDS = 20;

    /** Two of them are a grace, as in the model, and 24 the time in which a session can be bound. */
    private static final long TICK = ScriptRig.GRACE / 2;

    private static final String BOUNDS = "-DWALK=1 -DREGISTRATION=24 -DACTIONS=40 -DEXPIRIES=4 -DQUOTA=4";
    private static final String THIEF = BOUNDS + " -DFAULTS=4 -DTHIEF=30";
    private static final String FAILOVER = BOUNDS + " -DFAULTS=0 -DFAILOVERS=4 -DSHORT=4 -DTHIEF=9";
    private static final Map<String, String> KEYS = Map.of("1", "A".repeat(44), "2", "B".repeat(44));

    DeviceModelIT() {
        super("device.pml", "device-checks.txt");
    }

    @Test
    void scriptsWhenTheModelWalksThenTheyAnswerAlikeAndEveryAnswerIsMet() throws IOException {
        SpinModel model = SpinModel.read("device.pml");
        Set<String> rows = new HashSet<>();
        for (String bounds : List.of(THIEF, FAILOVER)) {
            rows.addAll(walked(model, bounds));
        }
        assertThat(rows).contains("BOUND", "ROTATED", "REPLAYED", "RELEASED", "REBOUND", "UNPROVEN", "STALE", "REUSED");
    }

    @Test
    void scriptsWhenAnotherModelWalksThenTheyDiffer() throws IOException {
        SpinModel other = SpinModel.read("device.pml")
                .with("redis.kept = (released -> redis.bound : redis.kept);", "redis.kept = NOBODY;");
        assertThatThrownBy(() -> walked(other, THIEF)).isInstanceOf(AssertionError.class);
    }

    private static Set<String> walked(SpinModel model, String bounds) throws IOException {
        Set<String> rows = new HashSet<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            RIG.begin();
            rows.addAll(walked(model.walk(seed, new ArrayList<>(List.of(bounds.split(" ", -1))))));
        }
        return rows;
    }

    /** Ends early where a second replay has ended the session: a failover in the rig would bring it back. */
    private static Set<String> walked(List<String> steps) {
        Set<String> rows = new HashSet<>();
        Map<String, String> replica = RIG.record();
        for (String step : steps) {
            String[] words = step.split(" ", -1);
            switch (words[0]) {
                case "tick" -> RIG.pass(TICK);
                case "confirm" -> RIG.confirm(RIG.generation());
                case "replicate" -> replica = RIG.record();
                case "failover" -> RIG.failover(replica);
                case "rotate" -> rows.add(rotated(step, words));
                default -> assertThat(step).as("what Spin says besides").matches("-+|depth-limit .*|timeout");
            }
            if (rows.contains("REUSED")) {
                return rows;
            }
        }
        return rows;
    }

    private static String rotated(String step, String[] words) {
        int challenged = Integer.parseInt(words[3]);
        boolean isAsked = !words[2].equals("0") && challenged == 0;
        String row = isAsked ? "UNPROVEN" : answer(words, challenged);
        String word = row.split("\\+", -1)[0];
        String tokens = row.substring(word.length());
        switch (words[5]) {
            case "GRANTED_BOTH" -> assertThat(tokens).as(step + ", " + row).isEqualTo("+both of " + words[6]);
            case "GRANTED_ACCESS" -> assertThat(tokens).as(step + ", " + row).isEqualTo("+access of " + words[6]);
            default -> assertThat(word).as(step).isEqualTo(words[5]);
        }
        assertThat(word.equals("RELEASED")).as(step + ", " + row).isEqualTo(words[7].equals("1"));
        assertThat(Set.of("BOUND", "REBOUND").contains(word))
                .as(step + ", " + row)
                .isEqualTo(words[8].equals("1"));
        return word;
    }

    /** A browser without a challenge is told one, for which no script is asked. */
    private static String answer(String[] words, int challenged) {
        int generation = Integer.parseInt(words[1]);
        String key = KEYS.get(words[2]);
        return key == null
                ? RIG.row(generation, "b")
                : RIG.row(generation, "b", new DeviceProof(key, new Generation(challenged), words[4].equals("1")));
    }
}
