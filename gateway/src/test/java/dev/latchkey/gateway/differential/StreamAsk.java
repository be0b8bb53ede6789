package dev.latchkey.gateway.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One request by HTTP/2.
 *
 * @param pseudo its pseudo-header fields (RFC 9113 section 8.3.1), names and values in turn
 * @param lines its other fields, with templates
 * @param isCrumbled whether each cookie has a line of its own (RFC 9113 section 8.2.3)
 * @param parts of its body, each a frame; nothing if it has none
 * @param trailers names and values in turn
 */
record StreamAsk(
        String id,
        List<String> pseudo,
        List<String> lines,
        boolean isCrumbled,
        List<String> parts,
        List<String> trailers) {

    /** Names and values in turn, as this side has them. */
    String[] head(Side side) {
        List<String> all = new ArrayList<>(pseudo);
        for (String line : lines) {
            String[] field = side.filled(line).split(":", 2);
            String name = field[0].toLowerCase(Locale.ROOT);
            String[] values = isCrumbled && name.equals("cookie") ? field[1].split("; ", -1) : new String[] {field[1]};
            for (String value : values) {
                all.add(name);
                all.add(value.strip());
            }
        }
        return all.toArray(String[]::new);
    }

    String method() {
        return pseudo.get(1);
    }
}
