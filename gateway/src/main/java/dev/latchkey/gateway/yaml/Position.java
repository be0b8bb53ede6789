package dev.latchkey.gateway.yaml;

import java.util.Comparator;

/**
 * A place in a file, as editors count.
 *
 * @param file as it is called in messages; files are read in the order of their names
 * @param line from 1
 * @param column from 1
 */
public record Position(String file, int line, int column) implements Comparable<Position> {

    private static final Comparator<Position> ORDER = Comparator.comparing(Position::file)
            .thenComparingInt(Position::line)
            .thenComparingInt(Position::column);

    /** Where a file begins. */
    public static Position start(String file) {
        return new Position(file, 1, 1);
    }

    /** The position of a character in a file's text. */
    public static Position at(String file, String text, int index) {
        String before = text.substring(0, Math.min(index, text.length()));
        int line = (int) before.chars().filter(character -> character == '\n').count();
        return new Position(file, line + 1, before.length() - before.lastIndexOf('\n'));
    }

    /** The line, described for someone who looks at another place. */
    public String seenFrom(Position other) {
        return "line " + line + (file.equals(other.file) ? "" : " of " + file);
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /** As compilers write it, so that editors jump to the place. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
