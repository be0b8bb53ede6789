package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Answer.Reading;
import dev.latchkey.gateway.differential.Answer.Then;
import dev.latchkey.gateway.differential.Conversation.Leniency;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The last that happens to both sides: they stop while answers are under way, whose backends go on when the stop has
 * begun. What a client gets does not depend on when its connection hears of the stop.
 */
final class Stop {

    /** Beside those of conversations. */
    private static final int NUMBER = -2_000;

    private static final int CONNECTIONS = 24;
    private static final List<String> PATHS = List.of("/open/x", "/api/x", "/off/x", "/secure/x", "/retried/x");

    private final Choice choice;
    private final AnswerScripts answers;
    private final List<StoppedLine> lines = new ArrayList<>();
    private final Map<String, Answer> script = new HashMap<>();

    private Stop(Choice choice) {
        this.choice = choice;
        this.answers = new AnswerScripts(choice);
    }

    static Stop of(long seed) {
        Stop stop = new Stop(new Choice(seed, NUMBER));
        for (int number = 0; number < CONNECTIONS; number++) {
            stop.lines.add(stop.line("stop-" + number, Transport.of(seed, NUMBER - number)));
        }
        return stop;
    }

    /** For the judge. */
    Conversation conversation() {
        return new Conversation(
                "a stop", Transport.CLEARTEXT, List.of(), Map.copyOf(script), Optional.empty(), Leniency.REFUSED);
    }

    private StoppedLine line(String id, Transport transport) {
        Asks asks = new Asks(choice, transport.scheme());
        String path = choice.of(PATHS);
        Ask ask = asks.of("ada", id, "GET", path, "");
        Ask next = asks.of("ada", id + "-next", "GET", choice.of(PATHS), "");
        return switch (choice.below(8)) {
            case 0 -> waiting(transport, ask);
            case 1 -> waiting(transport, ask, next);
            case 2 -> answering(transport, answers.plainInTwo(), ask);
            case 3, 4 -> answering(transport, answers.plainInTwo(), ask, next);
            case 5 -> uploading(transport, asks.of("ada", id, "POST", path, choice.text(3000)));
            case 6 -> ending(transport, asks, id, path);
            default -> streams(transport, id, path);
        };
    }

    /** No answer has begun. */
    private StoppedLine waiting(Transport transport, Ask... asks) {
        script.put(asks[0].id(), answers.plainInTwo().held(0));
        return new StoppedConnection(transport, List.of(asks), all(asks), "", "", true);
    }

    /** The head of the first answer has left, and does not say that the connection ends with it. */
    private StoppedLine answering(Transport transport, Answer answer, Ask... asks) {
        script.put(asks[0].id(), answer);
        return new StoppedConnection(transport, List.of(asks), all(asks), "first", "", true);
    }

    private StoppedLine uploading(Transport transport, Ask ask) {
        script.put(ask.id(), answers.plainInTwo().held(0));
        int half = ask.head().length() + 100;
        return new StoppedConnection(
                transport,
                List.of(ask),
                ask.all().substring(0, half),
                "",
                ask.all().substring(half),
                true);
    }

    /** A stream of events or a WebSocket, which ends with the node and not with its backend. */
    private StoppedLine ending(Transport transport, Asks asks, String id, String path) {
        boolean isSocket = choice.oneIn(2);
        Ask ask = isSocket ? asks.handshakeOf("ada", id, path) : asks.of("ada", id, "GET", path, "");
        Answer switching = new Answer(List.of(Frames.SWITCHING + "\r\n"), Answer.NEVER, Then.SWITCHED, Reading.WHOLE);
        script.put(id, isSocket ? switching : answers.streamInTwo());
        return new StoppedConnection(transport, List.of(ask), ask.all(), isSocket ? "\r\n\r\n" : "first", "", false);
    }

    /** By HTTP/2: one answer has begun, and the other has not. */
    private StoppedLine streams(Transport transport, String id, String path) {
        List<StreamAsk> asks = new ArrayList<>();
        for (String each : List.of(id + "-0", id + "-1")) {
            Answer answer = answers.plainInTwo();
            script.put(each, asks.isEmpty() ? answer : answer.held(0));
            asks.add(new StreamAsk(
                    each,
                    List.of(
                            ":method",
                            "GET",
                            ":scheme",
                            transport.scheme(),
                            ":path",
                            path,
                            ":authority",
                            "shop.example"),
                    List.of("Cookie: {{cookies:ada}}", "Sec-Fetch-Site: same-origin", "X-Case: " + each),
                    false,
                    List.of(),
                    List.of()));
        }
        return new StoppedStreams(transport, asks, script);
    }

    private static String all(Ask... asks) {
        StringBuilder all = new StringBuilder();
        for (Ask ask : asks) {
            all.append(ask.all());
        }
        return all.toString();
    }

    /** Stops this side. */
    Outcome play(Side side) {
        side.backend().begin(script);
        List<StoppedLine.Open> open = new ArrayList<>();
        for (StoppedLine line : lines) {
            open.add(line.open(side));
        }
        CompletableFuture<Void> stopped = side.stop();
        open.forEach(StoppedLine.Open::goOn);
        List<Reply> replies = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        open.forEach(each -> ends.add(each.end(replies)));
        boolean isQuiet = side.moments().await(side.backend()::isQuiet);
        stopped.join();
        List<Arrival> arrivals = side.backend().arrivals().stream()
                .sorted(Comparator.comparing(Arrival::id))
                .toList();
        return new Outcome(replies, String.join("; ", ends), arrivals, isQuiet);
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
