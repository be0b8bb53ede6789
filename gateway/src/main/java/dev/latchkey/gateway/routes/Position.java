package dev.latchkey.gateway.routes;

import java.util.Comparator;

/**
 * A place in the routes file, as editors count.
 *
 * @param line from 1
 * @param column from 1
 */
record Position(int line, int column) implements Comparable<Position> {

    static final Position START = new Position(1, 1);

    private static final Comparator<Position> ORDER =
            Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

    /** The place of a character of the text. */
    static Position at(String text, int index) {
        String before = text.substring(0, Math.min(index, text.length()));
        int line = (int) before.chars().filter(it -> it == '\n').count();
        return new Position(line + 1, before.length() - before.lastIndexOf('\n'));
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
