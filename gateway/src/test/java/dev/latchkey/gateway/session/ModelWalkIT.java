package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.testing.SpinModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds the model and the scripts together: what the model walks at random, the scripts must answer alike. */
final class ModelWalkIT {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final int SEEDS = 10;
    private static final String THIEF = "-DSENDS=20 -DTHIEF=20 -DFLIGHT=1";
    private static final List<String> BOUNDS = List.of(
            "-DSENDS=24",
            THIEF,
            "-DSENDS=20 -DTHIEF=30 -DJUMPS=9",
            "-DSENDS=20 -DFLIGHT=1 -DFAILOVERS=20 -DLAG=2",
            "-DSENDS=24 -DDENYLIST=1 -DLIFE=18 -DFLIGHT=2",
            "-DSENDS=20 -DFLIGHT=1 -DSIGNOUT=1 -DTHIEF=20",
            "-DSENDS=24 -DWITHDRAWALS=9 -DFLIGHT=2");
    private static final String[] EVERY_ANSWER = {
        "rotate REVOKED",
        "rotate RECOVERED",
        "rotate REPLAYED_ACCESS",
        "rotate FORCED",
        "rotate ROTATED",
        "rotate REPLAYED_BOTH",
        "rotate STALE",
        "rotate REUSED",
        "commit yes",
        "commit no",
        "confirm",
        "denied",
        "signout yes",
        "signout no"
    };

    @Test
    void scriptsWhenTheModelWalksThenTheyAnswerAlikeAndEveryAnswerIsMet() throws IOException {
        SpinModel model = SpinModel.read("rotation.pml");
        Set<String> answers = new HashSet<>();
        for (String bounds : BOUNDS) {
            answers.addAll(walked(model, bounds));
        }
        assertThat(answers).contains(EVERY_ANSWER);
    }

    @Test
    void scriptsWhenAnotherModelWalksThenTheyDiffer() throws IOException {
        SpinModel other = SpinModel.read("rotation.pml")
                .with(
                        ":: row == 0 && p == redis.gen - 1 && ITS_BRANCH(b) && FORGIVEN ->",
                        ":: row == 0 && p == redis.gen - 1 && FORGIVEN ->");
        assertThatThrownBy(() -> walked(other, THIEF)).isInstanceOf(AssertionError.class);
    }

    /** The kinds of answers that were met. */
    private static Set<String> walked(SpinModel model, String bounds) throws IOException {
        List<String> options = new ArrayList<>(List.of(bounds.split(" ", -1)));
        options.add("-DWALK=1");
        Set<String> answers = new HashSet<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            RIG.begin();
            ModelWalk walk = new ModelWalk(RIG);
            List<String> steps = model.walk(seed, options);
            steps.forEach(walk::take);
            steps.stream().map(ModelWalkIT::kind).forEach(answers::add);
        }
        return answers;
    }

    private static String kind(String step) {
        String[] words = step.split(" ", -1);
        return words.length < 4 ? words[0] : words[0] + " " + words[3];
    }
}
