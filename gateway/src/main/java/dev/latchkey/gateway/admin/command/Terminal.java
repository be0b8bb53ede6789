package dev.latchkey.gateway.admin.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Text for a terminal: what a client or a user chose must not move its cursor, or turn the direction of a line. */
final class Terminal {

    private static final String GAP = "  ";

    private Terminal() {}

    /** The text with control and format characters as {@code \\uXXXX}; JSON stays the same JSON. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (isHarmless(point)) {
                plain.appendCodePoint(point);
            } else {
                for (char unit : Character.toChars(point)) {
                    plain.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            }
        });
        return plain.toString();
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Rows below a head, in columns as wide as they must be. */
    static List<String> table(List<String> head, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        rows.forEach(row -> all.add(row.stream().map(Terminal::plain).toList()));
        int[] widths = new int[head.size()];
        all.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    /** A line for each value of a document, with its name. */
    static List<String> lines(JsonNode document) {
        List<List<String>> rows = new ArrayList<>();
        collect("", document, rows);
        int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
        return rows.stream()
                .map(row -> row.get(0) + " ".repeat(width - row.get(0).length()) + GAP + row.get(1))
                .toList();
    }

    private static void collect(String name, JsonNode node, List<List<String>> rows) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> collect(
                            name.isEmpty() ? plain(field.getKey()) : name + "." + plain(field.getKey()),
                            field.getValue(),
                            rows));
        } else if (node.isArray()) {
            node.forEach(item -> collect(name, item, rows));
        } else {
            rows.add(List.of(name, plain(node.asString(""))));
        }
    }
}
