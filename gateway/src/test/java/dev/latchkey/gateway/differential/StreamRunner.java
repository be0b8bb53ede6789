package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Step.Streams;
import dev.latchkey.gateway.testing.RawHttp2;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Holds one conversation by HTTP/2 with one side. */
final class StreamRunner {

    private final Side side;
    private final RawHttp2 client;
    private final Map<String, Answer> script;

    StreamRunner(Side side, RawHttp2 client, Map<String, Answer> script) {
        this.side = side;
        this.client = client;
        this.script = script;
    }

    /** Requests that are under way at once may arrive in any order. */
    static Outcome play(Side side, Conversation conversation, Streams streams) {
        side.backend().begin(conversation.answers());
        List<Reply> replies = new ArrayList<>();
        try (Transport.Connection connection = conversation.transport().connectForHttp2(side);
                RawHttp2 client = new RawHttp2(connection.socket()).begin()) {
            String end = new StreamRunner(side, client, conversation.answers()).play(streams, replies);
            boolean isQuiet = side.moments().await(side.backend()::isQuiet);
            conversation.keeper().ifPresent(user -> replies.forEach(reply -> side.keep(user, reply)));
            List<Arrival> arrivals = side.backend().arrivals().stream()
                    .sorted(Comparator.comparing(Arrival::id))
                    .toList();
            return new Outcome(replies, connection.isCutOff() ? "cut off" : end, arrivals, isQuiet);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String play(Streams streams, List<Reply> replies) {
        List<StreamAsk> asks = streams.asks();
        try {
            for (int number = 0; number < asks.size(); number++) {
                send(2 * number + 1, asks.get(number));
                if (!streams.areAtOnce()) {
                    replies.add(take(2 * number + 1, asks.get(number)));
                }
            }
            for (int number = replies.size(); number < asks.size(); number++) {
                replies.add(take(2 * number + 1, asks.get(number)));
            }
            client.ping();
            return client.isClosed() ? "closed" : "kept";
        } catch (UncheckedIOException late) {
            return "without an answer: stream of request " + replies.size();
        }
    }

    void send(int stream, StreamAsk ask) {
        List<String> parts = ask.parts();
        client.headers(stream, parts.isEmpty(), ask.head(side));
        for (int number = 0; number < parts.size(); number++) {
            boolean isLast = number == parts.size() - 1 && ask.trailers().isEmpty();
            client.data(stream, isLast, parts.get(number));
        }
        if (!parts.isEmpty() && !ask.trailers().isEmpty()) {
            client.headers(stream, true, ask.trailers().toArray(String[]::new));
        }
    }

    Reply take(int stream, StreamAsk ask) {
        if (script.getOrDefault(ask.id(), Answer.OK).held() != Answer.NEVER) {
            client.awaitHead(stream);
            side.backend().release(ask.id());
        }
        RawHttp2.Outcome outcome = client.await(stream);
        String end = outcome.reset() > 0 ? ", reset for " + outcome.reset() : "";
        List<String> head = new ArrayList<>(List.of("HTTP/2 " + outcome.status() + end));
        head.addAll(lines(outcome.head()));
        return new Reply(
                List.of(outcome.interims().split(" ", -1)),
                head,
                outcome.body(),
                lines(outcome.trailers()),
                outcome.isEnded() && outcome.reset() <= 0,
                ask.method().equals("HEAD"));
    }

    private static List<String> lines(Http2Headers fields) {
        List<String> all = new ArrayList<>();
        fields.forEach(field -> all.add(field.getKey() + ": " + field.getValue()));
        return all;
    }
}
