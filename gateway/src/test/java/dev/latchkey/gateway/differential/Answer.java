package dev.latchkey.gateway.differential;

import java.util.List;

/**
 * What a backend answers to one request, byte for byte.
 *
 * @param pieces each is a write of its own; characters are bytes
 * @param held before which piece the backend waits until it is released; {@link #NEVER} where it does not wait, and the
 *     number of all pieces where it waits before what comes {@code then}
 */
record Answer(List<String> pieces, int held, Then then, Reading reading) {

    static final int NEVER = -1;
    static final Answer OK =
            new Answer(List.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), NEVER, Then.STAY, Reading.WHOLE);

    /** What becomes of the connection. */
    enum Then {
        STAY,
        /** The gateway has to close it, because something came behind the answer. */
        UNTIL_CLOSED,
        /** What follows are frames of a WebSocket, which the backend reads up to the one that closes, and closes. */
        SWITCHED,
        END,
        RESET
    }

    /** When it is sent. */
    enum Reading {
        /** Behind the whole request. */
        WHOLE,
        /** Behind the request's head; the rest is then read as far as it comes. */
        EARLY,
        /** Behind the whole request, and a {@code 100 Continue} before its body where the client expects one. */
        CONTINUE
    }

    Answer reading(Reading other) {
        return new Answer(pieces, held, then, other);
    }

    Answer held(int before) {
        return new Answer(pieces, before, then, reading);
    }

    /** Another answer with these bytes in one piece. */
    Answer bytes(String bytes) {
        return new Answer(List.of(bytes), Math.min(held, 1), then, reading);
    }

    String all() {
        return String.join("", pieces);
    }

    @Override
    public String toString() {
        return Judge.shown("<<" + String.join("|", pieces) + ">>") + " held at " + held + ", " + reading + ", then "
                + then;
    }
}
