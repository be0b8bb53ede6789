package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.ScriptAnswer;
import java.util.List;
import java.util.Map;

/** One walk of the model, taken again by the scripts on a real server; each answer must be the same. */
final class UpstreamModelWalk {

    private static final long TICK = 1_000;

    private final UpstreamRig rig;
    private final long lease;
    private final long wait;
    private List<Map<String, String>> replica;
    private int steps;

    /** @param lease and the wait after it, in ticks as in the model */
    UpstreamModelWalk(UpstreamRig rig, int lease, int wait) {
        this.rig = rig;
        this.lease = lease * TICK;
        this.wait = wait * TICK;
        rig.redis().hset(UpstreamRig.RECORD, "due", "0");
        this.replica = rig.copy();
    }

    void take(String step) {
        List<String> words = List.of(step.split(" ", -1));
        steps++;
        switch (words.get(0)) {
            case "tick" -> rig.pass(TICK);
            case "claim" -> claim(step, words);
            case "release" ->
                assertThat(rig.release(number(words, 1), "again"))
                        .as(step)
                        .isEqualTo(number(words, 2) == 1 ? "RELEASED" : "FENCED");
            case "store" -> {
                String kept = rig.store(number(words, 1), "sealed-" + steps, 0);
                assertThat(kept.equals("STORED")).as("%s: %s", step, kept).isEqualTo(number(words, 2) == 1);
            }
            case "lapse" -> assertThat(rig.lapse(number(words, 1))).as(step).isEqualTo("LAPSED");
            case "revoke" -> rig.revoke();
            case "replicate" -> replica = rig.copy();
            case "failover" -> rig.failover(replica);
            default -> assertThat(step).as("what Spin says besides").matches("-+|depth-limit .*|timeout");
        }
    }

    private void claim(String step, List<String> words) {
        ScriptAnswer answer = rig.claim(lease, wait, "due", "claimer-" + steps);
        if (words.get(1).equals("no")) {
            assertThat(answer.text(1)).as(step).isIn("HELD", "GONE");
        } else {
            assertThat(answer.text(1)).as(step).isEqualTo("CLAIMED");
            assertThat(answer.number(2)).as("%s: the fence", step).isEqualTo(number(words, 1));
            assertThat(answer.number(3)).as("%s: the number", step).isEqualTo(number(words, 2));
            assertThat(answer.number(5)).as("%s: uncertain", step).isEqualTo(number(words, 3));
        }
    }

    private static int number(List<String> words, int index) {
        return Integer.parseInt(words.get(index));
    }
}
