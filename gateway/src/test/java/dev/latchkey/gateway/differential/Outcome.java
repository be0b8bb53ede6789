package dev.latchkey.gateway.differential;

import java.util.List;

/**
 * What one side made of a conversation.
 *
 * @param end what became of the client's connection
 * @param isQuiet whether the backend was left in peace within the limit
 */
record Outcome(List<Reply> replies, String end, List<Arrival> arrivals, boolean isQuiet) {

    /** Whether Redis was too late for an answer, as the machine had it. */
    boolean isUnavailable() {
        return replies.stream().anyMatch(reply -> reply.body().contains("urn:latchkey:problem:unavailable"));
    }

    /** Whether a request had more of a body than its route takes. */
    boolean hasTooLongBody() {
        return replies.stream().anyMatch(reply -> reply.statusLine().contains(" 413"));
    }
}
