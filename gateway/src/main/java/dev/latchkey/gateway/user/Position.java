package dev.latchkey.gateway.user;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A place in the users file, as editors count it.
 *
 * @param line from 1
 * @param column from 1
 */
record Position(int line, int column) {

    static final Position START = new Position(1, 1);

    static Position of(Optional<Mark> mark) {
        return mark.map(it -> new Position(it.getLine() + 1, it.getColumn() + 1))
                .orElse(START);
    }

    /** Where one stands after this text. */
    static Position after(CharSequence text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            boolean ends = text.charAt(i) == '\n';
            line += ends ? 1 : 0;
            column = ends ? 1 : column + 1;
        }
        return new Position(line, column);
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
