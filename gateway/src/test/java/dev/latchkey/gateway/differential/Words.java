package dev.latchkey.gateway.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The words of {@code words.txt}, by their heading. */
record Words(Map<String, List<String>> byHeading) {

    private static final Pattern REPEATED = Pattern.compile("\\((.)\\*(\\d+)\\)");
    private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-f]{4})");

    static Words read() {
        Map<String, List<String>> all = new HashMap<>();
        String heading = "";
        for (String line : Settings.lines("words.txt")) {
            if (line.startsWith("== ")) {
                heading = line.substring(3);
            } else {
                all.computeIfAbsent(heading, unused -> new ArrayList<>())
                        .add(line.equals("(nothing)") ? "" : read(line));
            }
        }
        return new Words(Map.copyOf(all));
    }

    /** One line of a list in which such characters stand for others. */
    static String read(String line) {
        String plain = line.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
        String decoded = ESCAPED.matcher(plain).replaceAll(code -> decoded(code.group(1)));
        return REPEATED.matcher(decoded.replace("\\\\", "\\"))
                .replaceAll(match -> match.group(1).repeat(Integer.parseInt(match.group(2))));
    }

    private static String decoded(String code) {
        return String.valueOf((char) Integer.parseInt(code, 16));
    }

    List<String> of(String heading) {
        return byHeading.get(heading);
    }
}
