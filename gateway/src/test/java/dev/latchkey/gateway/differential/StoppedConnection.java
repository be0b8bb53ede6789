package dev.latchkey.gateway.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * One by HTTP/1.1. The backend holds its answer to the first request.
 *
 * @param before what is sent before the stop
 * @param awaited what has to come before it
 * @param after what is sent after it
 * @param isReleased whether the backend goes on then
 */
record StoppedConnection(
        Transport transport, List<Ask> asks, String before, String awaited, String after, boolean isReleased)
        implements StoppedLine {

    @Override
    public Open open(Side side) {
        try {
            WireClient client = new WireClient(transport.connect(side), side.moments());
            client.send(side.filled(before));
            side.moments().await(() -> side.backend().hasArrived(asks.get(0).id()));
            side.moments().await(() -> client.rest().contains(awaited));
            return new Opened(side, client);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return Judge.shown(transport + " <<" + before + ">>");
    }

    /** It with one side. */
    private final class Opened implements Open {

        private final Side side;
        private final WireClient client;

        private Opened(Side side, WireClient client) {
            this.side = side;
            this.client = client;
        }

        @Override
        public void goOn() {
            client.send(after);
            if (isReleased) {
                side.backend().release(asks.get(0).id());
            }
        }

        @Override
        public String end(List<Reply> replies) {
            for (Ask ask : asks) {
                Optional<Reply> reply = client.next(ask.method());
                if (reply.isEmpty()) {
                    return "without an answer: " + client.rest();
                }
                replies.add(reply.get());
            }
            String ended = client.awaitEnd() + ", and then: " + client.rest();
            close();
            return ended;
        }

        private void close() {
            try {
                client.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
