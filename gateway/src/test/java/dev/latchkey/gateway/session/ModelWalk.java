package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** One walk of the model, taken again by the scripts on a real server; each answer must be the same. */
final class ModelWalk {

    /** Three of them are a grace, and six are two, as in the model. */
    private static final long TICK = (GRACE + 2) / 3;

    private final ScriptRig rig;
    private Map<String, String> replica;

    ModelWalk(ScriptRig rig) {
        this.rig = rig;
        this.replica = rig.record();
    }

    void take(String step) {
        List<String> words = List.of(step.split(" ", -1));
        switch (words.get(0)) {
            case "tick" -> rig.pass(number(words, 1) * TICK);
            case "rotate" ->
                assertThat(rotated(number(words, 1), "b" + words.get(2), number(words, 5) == 1))
                        .as(step)
                        .isEqualTo(row(words.get(3), words.get(4)));
            case "commit" ->
                assertThat(rig.commit(number(words, 1), number(words, 2) == 1))
                        .as(step)
                        .isEqualTo("yes".equals(words.get(3)));
            case "confirm" -> rig.confirm(number(words, 1));
            case "signout" ->
                assertThat(rig.signOut(number(words, 1), "b" + words.get(2)).equals("ENDED"))
                        .as(step)
                        .isEqualTo("yes".equals(words.get(3)));
            case "replicate" -> replica = rig.record();
            case "failover" -> rig.failover(replica);
            case "denied" -> assertDenied(step, number(words, 1));
            default -> assertThat(step).as("what Spin says besides").matches("-+|depth-limit .*|timeout");
        }
    }

    private String rotated(int generation, String branch, boolean forced) {
        return forced ? rig.forcedRow(generation, branch) : rig.row(generation, branch);
    }

    private void assertDenied(String step, int floor) {
        assertThat(rig.denies(floor)).as(step).isFalse();
        if (floor > 0) {
            assertThat(rig.denies(floor - 1)).as(step).isTrue();
        }
    }

    private static String row(String row, String generation) {
        return switch (row) {
            case "ROTATED" -> "ROTATED+both of " + generation;
            case "REPLAYED_BOTH" -> "REPLAYED+both of " + generation;
            case "REPLAYED_ACCESS" -> "REPLAYED+access of " + generation;
            case "FORCED" -> "FORCED+access of " + generation;
            case "RECOVERED" -> "RECOVERED+access of " + generation;
            default -> row;
        };
    }

    private static int number(List<String> words, int index) {
        return Integer.parseInt(words.get(index));
    }
}
