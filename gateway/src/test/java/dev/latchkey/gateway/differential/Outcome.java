package dev.latchkey.gateway.differential;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one side made of a conversation.
 *
 * @param end what became of the client's connection
 * @param isQuiet whether the backend was left in peace within the limit
 */
record Outcome(List<Reply> replies, String end, List<Arrival> arrivals, boolean isQuiet) {

    private static final String A_HOLDER = "a key was proven";
    private static final String OPEN = "a circuit was open";

    /** All that {@link #signs} may say. */
    static final List<String> SIGNS = Stream.concat(
                    Stream.of(A_HOLDER, OPEN), WireBackend.ADDRESSES.stream().map(address -> "at " + address))
            .toList();

    /** Whether Redis was too late for an answer, as the machine had it. */
    boolean isUnavailable() {
        return replies.stream().anyMatch(reply -> reply.body().contains("urn:latchkey:problem:unavailable"));
    }

    /** What shows that the rules for it were asked. */
    Set<String> signs() {
        Set<String> signs = new HashSet<>();
        arrivals.forEach(arrival -> {
            signs.add(arrival.isOfHolder() ? A_HOLDER : "");
            signs.add(WireBackend.ADDRESSES.contains(arrival.address()) ? "at " + arrival.address() : "");
        });
        replies.forEach(reply -> signs.add(reply.body().contains("urn:latchkey:problem:circuit-open") ? OPEN : ""));
        signs.remove("");
        return signs;
    }

    /** Whether a request had more of a body than its route takes. */
    boolean hasTooLongBody() {
        return replies.stream().anyMatch(reply -> reply.statusLine().contains(" 413"));
    }
}
