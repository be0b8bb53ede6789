package dev.latchkey.gateway.differential;

import java.util.List;
import java.util.function.Consumer;

/** What a client does next; nothing of it waits for a time, only for something to have happened. */
sealed interface Step {

    /** Sends bytes, in which {@link Side#filled} puts what each side calls by a name of its own. */
    record Send(String template) implements Step {

        @Override
        public String toString() {
            return Judge.shown("send <<" + template + ">>");
        }
    }

    /** A round trip on another connection, so that the gateway has probably read what was sent before. */
    record RoundTrip() implements Step {}

    /** Until so much of a request's body has reached the backend, or the gateway has answered without asking it. */
    record AwaitArrival(String id, int bytes) implements Step {}

    /** Until the head of the next answer has come. */
    record AwaitHead() implements Step {}

    /** The backend may go on with its answer. */
    record Release(String id) implements Step {}

    /** Sends this body if the next head is a {@code 100 Continue}. */
    record SendIfAsked(String body) implements Step {

        @Override
        public String toString() {
            return Judge.shown("if asked <<" + body + ">>");
        }
    }

    /** Sends frames, if the connection is a WebSocket by now. */
    record SendIfSwitched(String frames) implements Step {

        @Override
        public String toString() {
            return Judge.shown("if switched <<" + frames + ">>");
        }
    }

    /**
     * Sends requests by HTTP/2, each on a stream, and takes all answers.
     *
     * @param areAtOnce whether all are sent before the first answer is taken
     */
    record Streams(List<StreamAsk> asks, boolean areAtOnce) implements Step {}

    /** Takes the next answer. */
    record Take(String method) implements Step {}

    /** This user's cookies are those of the answers from now on. */
    record Keep(String user) implements Step {}

    /** Something happens to the side meanwhile. */
    record Meanwhile(String what, Consumer<Side> change) implements Step {}

    /** The client leaves. */
    record Abort(boolean withReset) implements Step {}
}
