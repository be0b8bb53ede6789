package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Step.Abort;
import dev.latchkey.gateway.differential.Step.Meanwhile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one client says on one connection, and what the backend answers.
 *
 * @param transport of the connection
 * @param answers by the {@code X-Case} of the request
 * @param keeper the user whose cookies the answers may change; nobody where such an answer is lost
 * @param leniency what cannot be the same twice
 */
record Conversation(
        String kind,
        Transport transport,
        List<Step> steps,
        Map<String, Answer> answers,
        Optional<String> keeper,
        Leniency leniency) {

    /** Whether a side is asked for nothing else meanwhile. */
    boolean isAlone() {
        return steps.stream().noneMatch(Meanwhile.class::isInstance);
    }

    /** Whether its client leaves without asking whether the connection was kept. */
    boolean isLeft() {
        return steps.stream().anyMatch(Abort.class::isInstance);
    }

    /**
     * What is compared less strictly, with its reason.
     *
     * @param isUploadCut an answer that comes before the whole request, and a client that leaves, end the upload at a
     *     moment that is nobody's promise: then one side's body has to be the beginning of the other's, and whether the
     *     connection is kept depends on whether the rest of the body has been read by then
     * @param mayEndByReset the server closes while bytes of the client are unread, and the kernel makes a reset of that
     *     or not, depending on when they arrive
     */
    record Leniency(boolean isUploadCut, boolean mayEndByReset) {

        static final Leniency NONE = new Leniency(false, false);
        static final Leniency CUT = new Leniency(true, true);
        static final Leniency REFUSED = new Leniency(false, true);
    }
}
