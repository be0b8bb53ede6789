package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Answer.Then;

/** How the answers of one backend can differ from those of the other. */
enum Mutation {
    STATUS("HTTP/1.1 404 ", "HTTP/1.1 403 "),
    VALUE("Vary: Origin", "Vary: Origins"),
    NAME("X-Odd:", "x-odd:"),
    SECOND_LINE("Set-Cookie: a=1\r\nSet-Cookie: b=2", "Set-Cookie: b=2\r\nSet-Cookie: a=1"),
    BODY("!", "?"),
    TRAILER("\r\nX-Sum: 7\r\n", "\r\nX-Sum: 8\r\n"),
    CLOSED("Content-Length: 2000", "Content-Length: 2001");

    private final String from;
    private final String to;

    Mutation(String from, String to) {
        this.from = from;
        this.to = to;
    }

    Answer of(Answer answer) {
        boolean isChanged = answer.all().contains(from) && answer.held() == Answer.NEVER;
        Answer changed = isChanged ? answer.bytes(answer.all().replace(from, to)) : answer;
        return isChanged && this == CLOSED
                ? new Answer(changed.pieces(), Answer.NEVER, Then.END, answer.reading())
                : changed;
    }
}
