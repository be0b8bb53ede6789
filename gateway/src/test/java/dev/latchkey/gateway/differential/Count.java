package dev.latchkey.gateway.differential;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Compares what two sides note and count of one conversation. Of one in which something happens meanwhile only its
 * WebSockets are compared, because a side is asked whether it has, as often as that takes.
 */
final class Count {

    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Side one;
    private final Side other;
    private final Map<String, Double> ofOne;
    private final Map<String, Double> ofOther;

    /** Begins now. */
    Count(Side one, Side other) {
        this.one = one;
        this.other = other;
        one.notes().begin();
        other.notes().begin();
        this.ofOne = one.counts();
        this.ofOther = other.counts();
    }

    /**
     * Each difference in a sentence. A request whose connection broke ends when its gateway has seen that, so all are
     * waited for that were answered.
     */
    List<String> compare(Conversation conversation, Outcome outcome) {
        List<String> differences = new ArrayList<>();
        boolean isCut = conversation.leniency().isUploadCut();
        boolean isLost = conversation.isLeft() && !outcome.arrivals().isEmpty();
        int least = isLost ? 1 : outcome.replies().size();
        if (conversation.isAlone()) {
            same(differences, "notes", least, side -> side.notes().lines(isCut));
            if (!isCut || conversation.isLeft()) {
                same(differences, "counts", 0, side -> List.of(since(side)));
            }
        } else {
            same(
                    differences,
                    "notes of WebSockets",
                    outcome.sockets(),
                    side -> side.notes().sockets());
        }
        return differences;
    }

    private Map<String, Double> since(Side side) {
        Map<String, Double> before = side == one ? ofOne : ofOther;
        Map<String, Double> since = new TreeMap<>(side.counts());
        since.replaceAll((what, count) -> count - before.getOrDefault(what, 0.0));
        since.values().removeIf(count -> count == 0);
        return since;
    }

    private void same(List<String> differences, String what, int least, Function<Side, List<?>> look) {
        try {
            await().pollDelay(Duration.ZERO).pollInterval(SOON).atMost(LIMIT).until(() -> {
                List<?> seen = look.apply(one);
                return seen.size() >= least && Objects.equals(seen, look.apply(other));
            });
        } catch (ConditionTimeoutException different) {
            List<?> ofThis = look.apply(one);
            List<?> ofThat = look.apply(other);
            differences.add(what + "\n    " + one + " alone: " + without(ofThis, ofThat) + "\n    " + other + " alone: "
                    + without(ofThat, ofThis));
        }
    }

    private static String without(List<?> some, List<?> others) {
        List<Object> left = new ArrayList<>(some);
        others.forEach(left::remove);
        return Judge.shown(left);
    }
}
