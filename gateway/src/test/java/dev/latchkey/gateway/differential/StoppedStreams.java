package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.testing.RawHttp2;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** One by HTTP/2 with two streams: of the first, the answer begins before the stop. */
record StoppedStreams(Transport transport, List<StreamAsk> asks, Map<String, Answer> script) implements StoppedLine {

    @Override
    public Open open(Side side) {
        try {
            RawHttp2 client = new RawHttp2(transport.connectForHttp2(side).socket()).begin();
            StreamRunner runner = new StreamRunner(side, client, script);
            for (int number = 0; number < asks.size(); number++) {
                String id = asks.get(number).id();
                runner.send(2 * number + 1, asks.get(number));
                side.moments().await(() -> side.backend().hasArrived(id));
            }
            client.awaitBody(1, "first".length());
            return new Opened(side, client, runner);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return transport + " " + asks;
    }

    /** It with one side. */
    private final class Opened implements Open {

        private final Side side;
        private final RawHttp2 client;
        private final StreamRunner runner;

        private Opened(Side side, RawHttp2 client, StreamRunner runner) {
            this.side = side;
            this.client = client;
            this.runner = runner;
        }

        @Override
        public void goOn() {
            asks.forEach(ask -> side.backend().release(ask.id()));
        }

        @Override
        public String end(List<Reply> replies) {
            for (int number = 0; number < asks.size(); number++) {
                replies.add(runner.take(2 * number + 1, asks.get(number)));
            }
            String ended = "closed with " + client.awaitEnd() + " behind " + client.lastStream();
            client.close();
            return ended;
        }
    }
}
