package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.testing.SpinModel;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds the model and the scripts together: what the model walks at random, the scripts must answer alike. */
final class UpstreamModelWalkIT {

    @RegisterExtension
    static final UpstreamRig RIG = new UpstreamRig();

    private static final String MODEL = "upstream.pml";
    private static final int SEEDS = 12;
    private static final String LONG = "-DCALLS=60 -DTICKS=240 ";
    private static final Bounds EVERY_FAULT =
            new Bounds(4, 3, "-DMODE=1 -DG=100 -DCRASH=9 -DLOST=9 -DFAIL=9 -DHANG=9 -DPAUSE=9");
    private static final List<Bounds> BOUNDS = List.of(
            new Bounds(4, 3, "-DMODE=0 -DLOST=9"),
            EVERY_FAULT,
            new Bounds(4, 3, "-DMODE=0"),
            new Bounds(4, 0, "-DMODE=2 -DT=1 -DPAUSE=20 -DWORK=0 -DFAIL=9"));
    private static final String[] EVERY_ANSWER = {
        "tick",
        "claim 0",
        "claim 1",
        "claim no",
        "release 0",
        "release 1",
        "store 0",
        "store 1",
        "lapse",
        "revoke",
        "replicate",
        "failover"
    };

    @Test
    void scriptsWhenTheModelWalksThenTheyAnswerAlikeAndEveryAnswerIsMet() throws IOException {
        SpinModel model = SpinModel.read(MODEL);
        Set<String> answers = new HashSet<>();
        for (Bounds bounds : BOUNDS) {
            answers.addAll(walked(model, bounds));
        }
        assertThat(answers).contains(EVERY_ANSWER);
    }

    @Test
    void scriptsWhenAnotherModelWalksThenTheyDiffer() throws IOException {
        SpinModel other = SpinModel.read(MODEL).with("redis.doubt = redis.inherited;", "redis.doubt = false;");
        assertThatThrownBy(() -> walked(other, EVERY_FAULT)).isInstanceOf(AssertionError.class);
    }

    /** The kinds of answers that were met. */
    private static Set<String> walked(SpinModel model, Bounds bounds) throws IOException {
        List<String> options = List.of(
                (LONG + "-DWALK=1 -DL=" + bounds.lease + " -DO=" + bounds.after + " " + bounds.more).split(" ", -1));
        Set<String> answers = new HashSet<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            RIG.begin();
            UpstreamModelWalk walk = new UpstreamModelWalk(RIG, bounds.lease, bounds.after);
            List<String> steps = model.walk(seed, options);
            steps.forEach(walk::take);
            steps.stream().map(UpstreamModelWalkIT::kind).forEach(answers::add);
        }
        return answers;
    }

    private static String kind(String step) {
        String[] words = step.split(" ", -1);
        return words[0].equals("lapse") || words.length < 2 ? words[0] : words[0] + " " + words[words.length - 1];
    }

    /** In ticks: a lease, and the wait after one that ended with its call open. */
    private record Bounds(int lease, int after, String more) {}
}
