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
    private static final String OF_PROVIDER = "a backend got a provider's token";
    private static final String SWITCHED = "a WebSocket was open";

    /** All that {@link #signs} may say. */
    static final List<String> SIGNS = Stream.concat(
                    Stream.of(A_HOLDER, OPEN, OF_PROVIDER, SWITCHED),
                    WireBackend.ADDRESSES.stream().map(address -> "at " + address))
            .toList();

    /** Whether Redis or the provider was too late for an answer, as the machine had it. */
    boolean isUnavailable() {
        return replies.stream()
                .anyMatch(reply -> reply.body().contains("urn:latchkey:problem:unavailable")
                        || reply.body().contains("urn:latchkey:problem:access-token-unavailable"));
    }

    /** What shows that the rules for it were asked. */
    Set<String> signs() {
        Set<String> signs = new HashSet<>();
        arrivals.forEach(arrival -> {
            signs.add(arrival.isOfHolder() ? A_HOLDER : "");
            signs.add(arrival.hasTokenOfProvider() ? OF_PROVIDER : "");
            signs.add(WireBackend.ADDRESSES.contains(arrival.address()) ? "at " + arrival.address() : "");
        });
        replies.forEach(reply -> {
            signs.add(reply.body().contains("urn:latchkey:problem:circuit-open") ? OPEN : "");
        });
        signs.add(sockets() > 0 ? SWITCHED : "");
        signs.remove("");
        return signs;
    }

    /** How many WebSockets were open. */
    int sockets() {
        return (int) replies.stream().filter(reply -> reply.status() == 101).count();
    }

    /** Whether a request had more of a body than its route takes. */
    boolean hasTooLongBody() {
        return replies.stream().anyMatch(reply -> reply.statusLine().contains(" 413"));
    }
}
