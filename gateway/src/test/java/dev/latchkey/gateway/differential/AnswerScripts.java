package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Answer.Reading;
import dev.latchkey.gateway.differential.Answer.Then;
import java.util.ArrayList;
import java.util.List;

/** Makes answers of backends by chance: right ones of all kinds, and wrong ones. */
final class AnswerScripts {

    private static final String SURPLUS = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong";
    private static final Words WORDS = Words.read();

    private final Choice choice;

    AnswerScripts(Choice choice) {
        this.choice = choice;
    }

    Answer next(String method) {
        return switch (choice.below(24)) {
            case 0 -> one(choice.of(WORDS.of("answer garbage")), Then.END);
            case 1 -> new Answer(List.of(), Answer.NEVER, choice.of(Then.END, Then.RESET), Reading.WHOLE);
            case 2 -> cutInHead();
            case 3, 4 -> broken(method);
            default -> split(right(method));
        };
    }

    /** One that a client can be given. */
    Answer right(String method) {
        String status = choice.of(WORDS.of("answer statuses"));
        boolean isEmpty = method.equals("HEAD") || !Reply.hasBody(Integer.parseInt(status.substring(0, 3)));
        String body =
                isEmpty || status.startsWith("205") ? "" : choice.text(choice.of(0, 1, 30, 2000, 30_000, 150_000));
        boolean isOld = choice.oneIn(12);
        String start = interims() + (isOld ? "HTTP/1.0 " : "HTTP/1.1 ") + status + "\r\n" + fields();
        String length = status.startsWith("204") ? "" : "Content-Length: " + body.length() + "\r\n";
        Then atEnd = isOld ? Then.END : Then.STAY;
        return switch (choice.below(isOld ? 2 : 4)) {
            case 0 -> one(start + length + "\r\n" + body, atEnd);
            case 1 -> one(start + "\r\n" + body, isEmpty ? atEnd : Then.END);
            case 2 -> one(length.isEmpty() ? start + "\r\n" : start + inChunks(isEmpty, body), atEnd);
            default -> one(start + length + "\r\n" + body, atEnd);
        };
    }

    private String inChunks(boolean isEmpty, String body) {
        String chunks = isEmpty ? "" : choice.chunked(body, "X-Sum: 7\r\nSet-Cookie: latchkey-access=evil\r\n");
        return "Transfer-Encoding: chunked\r\n\r\n" + chunks;
    }

    /** One behind which comes more: who answers the next request with that answers it wrongly. */
    Answer surplus(String method) {
        Answer right = right(method);
        boolean stays = right.then() == Then.STAY;
        return stays
                ? new Answer(List.of(right.all() + SURPLUS), Answer.NEVER, Then.UNTIL_CLOSED, Reading.WHOLE)
                : right;
    }

    /** To a handshake: most often the backend switches, and else it refuses, fails, or switches as nobody asked for. */
    Answer handshake() {
        return switch (choice.below(8)) {
            case 0 -> right("GET");
            case 1 -> next("GET");
            case 2, 3 -> switching(choice.of(WORDS.of("answer handshakes")) + "\r\n");
            default -> switching(Frames.SWITCHING + fields());
        };
    }

    /** The backend switches, and says something at once, and perhaps more when it may. */
    Answer switching(String head) {
        List<String> pieces = new ArrayList<>(choice.parts(head + "\r\n" + Frames.fromServer(choice), 3));
        String more = choice.oneIn(2) ? Frames.fromServer(choice) : "";
        if (more.isEmpty()) {
            return new Answer(pieces, Answer.NEVER, Then.SWITCHED, Reading.WHOLE);
        }
        pieces.add(more);
        return new Answer(pieces, pieces.size() - 1, Then.SWITCHED, Reading.WHOLE);
    }

    /** One for which its backend is to blame. */
    Answer failing() {
        return choice.oneIn(2)
                ? one("HTTP/1.1 " + choice.of("502", "503", "504") + " Bad\r\nContent-Length: 0\r\n\r\n", Then.STAY)
                : cutInHead();
    }

    /** A short one whose body comes in two parts. */
    Answer inTwo() {
        return choice.oneIn(4) ? streamInTwo() : plainInTwo();
    }

    /** One of events, which ends with its session. */
    Answer streamInTwo() {
        return inTwo("Content-Type: text/event-stream\r\n");
    }

    Answer plainInTwo() {
        return inTwo(choice.of("", "Content-Type: text/plain\r\n", "Set-Cookie: a=b\r\n"));
    }

    private Answer inTwo(String fields) {
        String head = "HTTP/1.1 200 OK\r\n" + fields;
        return switch (choice.below(3)) {
            case 0 ->
                new Answer(List.of(head + "Content-Length: 10\r\n\r\nfirst", "after"), 1, Then.STAY, Reading.WHOLE);
            case 1 ->
                new Answer(
                        List.of(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", "5\r\nafter\r\n0\r\n\r\n"),
                        1,
                        Then.STAY,
                        Reading.WHOLE);
            default -> new Answer(List.of(head + "\r\nfirst", "after"), 1, Then.END, Reading.WHOLE);
        };
    }

    private Answer one(String bytes, Then then) {
        return new Answer(List.of(bytes), Answer.NEVER, then, Reading.CONTINUE);
    }

    private Answer split(Answer answer) {
        return new Answer(choice.parts(answer.all(), 5), Answer.NEVER, answer.then(), answer.reading());
    }

    private Answer cutInHead() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Odd: one\r\n\r\n";
        return one(head.substring(0, 1 + choice.below(head.length() - 1)), Then.END);
    }

    /** Breaks behind its head, which the client has got by then. */
    private Answer broken(String method) {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
        Then then = choice.of(Then.END, Then.RESET);
        if (method.equals("HEAD")) {
            // It is whole. Unannounced, the end of the connection would meet the next request on it, or come first.
            return one(head + "Content-Length: 9\r\nConnection: close\r\n\r\n", then);
        }
        String beginning = choice.of(
                head + "Content-Length: 100\r\n\r\nbeginning",
                head + "Transfer-Encoding: chunked\r\n\r\n9\r\nbeginning\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\n20\r\nbeginning");
        if (choice.oneIn(3)) {
            return new Answer(
                    List.of(head + "Transfer-Encoding: chunked\r\n\r\n9\r\nbeginning\r\n", "zz\r\n"),
                    1,
                    Then.END,
                    Reading.WHOLE);
        }
        return new Answer(List.of(beginning), 1, then, Reading.WHOLE);
    }

    private String interims() {
        StringBuilder all = new StringBuilder();
        for (int left = choice.oneIn(5) ? 1 + choice.below(3) : 0; left > 0; left--) {
            all.append(choice.of(WORDS.of("answer interim")));
        }
        return all.toString();
    }

    private String fields() {
        List<String> lines = new ArrayList<>();
        for (int left = choice.below(5); left > 0; left--) {
            lines.add(choice.of(WORDS.of("answer fields")) + "\r\n");
        }
        return String.join("", lines);
    }
}
