package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Conversation.Leniency;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Compares what two sides made of one conversation, after {@link Normal} and no further than {@link Leniency} says. */
final class Judge {

    private static final int SHOWN = 240;
    private static final Pattern UNSEEN = Pattern.compile("\\p{Cntrl}|[\\x80-\\xff]");

    private final Side one;
    private final Side other;

    /** For what is compared now. */
    private final List<String> differences = new ArrayList<>();

    private Judge(Side one, Side other) {
        this.one = one;
        this.other = other;
    }

    /** Each difference in a sentence; nothing where there is none. */
    static List<String> compare(Conversation conversation, Side one, Outcome ofOne, Side other, Outcome ofOther) {
        Judge judge = new Judge(one, other);
        judge.replies(ofOne.replies(), ofOther.replies(), conversation.leniency());
        judge.same("the end", ended(ofOne, conversation.leniency()), ended(ofOther, conversation.leniency()));
        judge.answered(ofOne, ofOther);
        boolean isTooLong = ofOne.hasTooLongBody() && ofOther.hasTooLongBody();
        judge.arrivals(once(ofOne.arrivals()), once(ofOther.arrivals()), conversation.leniency(), isTooLong);
        judge.same("whether the backend was left in peace", ofOne.isQuiet(), ofOther.isQuiet());
        return judge.differences;
    }

    private static String ended(Outcome outcome, Leniency leniency) {
        String end = leniency.mayEndByReset() ? outcome.end().replace("reset", "closed") : outcome.end();
        return leniency.isUploadCut()
                ? end.replace("as announced, closed", "kept").replace(" for a body that will not come", "")
                : end;
    }

    /** Also where both sides agree in it. The request that shows whether a connection was kept is sent whole. */
    private void answered(Outcome ofOne, Outcome ofOther) {
        String ends = ofOne.end() + ofOther.end();
        if (ends.contains("without an answer") || ends.contains("kept for HTTP/1.1 408 ")) {
            differences.add("a request was not answered" + both(ofOne.end(), ofOther.end()));
        }
        if (ends.contains(ConversationRunner.SURPLUS)) {
            differences.add("more was answered than asked" + both(ofOne.end(), ofOther.end()));
        }
    }

    /**
     * A request that was repeated, because the connection on which it went first had been left by the backend, counts
     * once: whether there was such a connection depends on the pool.
     */
    private static List<Arrival> once(List<Arrival> arrivals) {
        List<Arrival> all = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            Arrival last = all.isEmpty() ? null : all.get(all.size() - 1);
            if (arrival.requestLine().equals(ConversationRunner.PROBE_LINE)
                    || arrival.id().equals(Side.LOOKS)) {
                continue; // how the connection ended says it already; and how often a side is looked at, is its own
            }
            boolean isRepeated = last != null
                    && mayBeRepeated(arrival)
                    && !arrival.id().isEmpty()
                    && last.id().equals(arrival.id())
                    && last.fields().equals(arrival.fields());
            if (!isRepeated) {
                all.add(arrival);
            }
        }
        return all;
    }

    /** Anything else arrives once (RFC 9112 section 9.3.1). */
    private static boolean mayBeRepeated(Arrival arrival) {
        return arrival.requestLine().matches("(GET|HEAD|OPTIONS) .*") && !arrival.isChunked() && arrival.length() == 0;
    }

    private void replies(List<Reply> ofOne, List<Reply> ofOther, Leniency leniency) {
        same("how many answers", ofOne.size(), ofOther.size());
        for (int number = 0; number < Math.min(ofOne.size(), ofOther.size()); number++) {
            reply("answer " + number, ofOne.get(number), ofOther.get(number), leniency);
        }
    }

    private void reply(String which, Reply left, Reply right, Leniency leniency) {
        if (!leniency.isUploadCut()) {
            interims(which, interims(left, one), interims(right, other));
        }
        same(which + ", status line", left.statusLine(), right.statusLine());
        same(which + ", fields", fields(left, one, leniency), fields(right, other, leniency));
        same(which + ", whole", left.isWhole(), right.isWhole());
        // How much of a broken answer came through depends on when the break was noticed.
        boolean isBroken = !left.isWhole() && !right.isWhole();
        body(
                which + ", body",
                text(left.body(), one),
                text(right.body(), other),
                isBroken || (left.isEventStream() && right.isEventStream()));
        same(which + ", trailers", fields(left.trailers(), one), fields(right.trailers(), other));
    }

    /**
     * Whether the beginning of a request that never becomes whole is passed on is a question of when the rest comes;
     * and, where its body turns out too long for its route, of whether there was a connection to the backend by then.
     */
    private void arrivals(List<Arrival> ofOne, List<Arrival> ofOther, Leniency leniency, boolean isTooLong) {
        if ((leniency.isUploadCut() || isTooLong) && ofOne.size() != ofOther.size()) {
            compareArrivals(whole(ofOne), whole(ofOther), leniency);
        } else {
            compareArrivals(ofOne, ofOther, leniency);
        }
    }

    private static List<Arrival> whole(List<Arrival> arrivals) {
        return arrivals.stream().filter(Arrival::isWhole).toList();
    }

    private void compareArrivals(List<Arrival> ofOne, List<Arrival> ofOther, Leniency leniency) {
        same("how many requests at the backend", lines(ofOne, one), lines(ofOther, other));
        for (int number = 0; number < Math.min(ofOne.size(), ofOther.size()); number++) {
            arrival("request " + number + " at the backend", ofOne.get(number), ofOther.get(number), leniency);
        }
    }

    private void arrival(String which, Arrival left, Arrival right, Leniency leniency) {
        same(which + ", address", left.address(), right.address());
        same(which + ", fields", fields(left.fields(), one), fields(right.fields(), other));
        boolean isCut = leniency.isUploadCut();
        if (!isCut) {
            same(which + ", whole", left.isWhole(), right.isWhole());
            same(which + ", left before its answer", left.isBroken(), right.isBroken());
        }
        boolean mayBeBeginning = isCut || (!left.isWhole() && !right.isWhole());
        body(
                which + ", body",
                Normal.body(left.body(), one.backend()),
                Normal.body(right.body(), other.backend()),
                mayBeBeginning);
        if (left.isWhole() && right.isWhole()) {
            same(which + ", trailers", left.trailers(), right.trailers());
        }
    }

    private static List<String> lines(List<Arrival> arrivals, Side side) {
        return arrivals.stream()
                .map(arrival -> text(arrival.requestLine(), side))
                .toList();
    }

    /** One that the final answer overtakes may be dropped; none is added or changed (RFC 9110 section 15.2). */
    private void interims(String which, List<String> left, List<String> right) {
        if (!isPartOf(left, right) && !isPartOf(right, left)) {
            same(which + ", interim answers", left, right);
        }
    }

    private static boolean isPartOf(List<String> some, List<String> all) {
        Iterator<String> rest = all.iterator();
        return some.stream().allMatch(one -> isAmong(one, rest));
    }

    private static boolean isAmong(String one, Iterator<String> rest) {
        while (rest.hasNext()) {
            if (rest.next().equals(one)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> fields(Reply reply, Side side, Leniency leniency) {
        List<String> lines = Normal.withoutFraming(reply).stream()
                .filter(line -> !leniency.isUploadCut() || !line.equalsIgnoreCase("connection: close"))
                .toList();
        return fields(lines, side);
    }

    private static List<String> interims(Reply reply, Side side) {
        return reply.interims().stream().map(head -> text(head, side)).toList();
    }

    private static List<String> fields(List<String> lines, Side side) {
        return Normal.fields(lines, side.backend());
    }

    private static String text(String text, Side side) {
        return Normal.text(text, side.backend());
    }

    private void body(String what, String left, String right, boolean mayBeBeginning) {
        boolean isBeginning = mayBeBeginning && (left.startsWith(right) || right.startsWith(left));
        if (!isBeginning) {
            same(what, left, right);
        }
    }

    private void same(String what, Object left, Object right) {
        if (!Objects.equals(left, right)) {
            differences.add(what + both(left, right));
        }
    }

    private String both(Object left, Object right) {
        return "\n    " + one + ": " + shown(left) + "\n    " + other + ": " + shown(right);
    }

    /** On one line, and no longer than a person reads. */
    static String shown(Object value) {
        String lines = String.valueOf(value).replace("\r", "\\r").replace("\n", "\\n");
        String text = UNSEEN.matcher(lines)
                .replaceAll(each -> "<%02x>".formatted((int) each.group().charAt(0)));
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "... (" + text.length() + ")" : text;
    }
}
