package dev.latchkey.gateway.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** The choices of one conversation; they depend on the seed and the number alone. */
final class Choice {

    private final Random random;

    Choice(long seed, int number) {
        this.random = new Random(seed * 1_000_003 + number);
    }

    boolean oneIn(int sides) {
        return random.nextInt(sides) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String text(int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString();
    }

    /** The same text in at most so many parts, none of them empty. */
    List<String> parts(String text, int most) {
        TreeSet<Integer> cuts = new TreeSet<>();
        for (int cut = random.nextInt(most); cut > 0 && text.length() > 1; cut--) {
            cuts.add(1 + random.nextInt(text.length() - 1));
        }
        cuts.add(text.length());
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int to : cuts) {
            parts.add(text.substring(from, to));
            from = to;
        }
        return parts;
    }

    /** In chunks (RFC 9112 section 7.1), with extensions and trailers now and then. */
    String chunked(String text, String trailer) {
        StringBuilder all = new StringBuilder();
        for (String part : text.isEmpty() ? List.<String>of() : parts(text, 6)) {
            all.append(oneIn(3) ? "0" : "").append(Integer.toHexString(part.length()));
            all.append(oneIn(5) ? ";ext=\"v\"" : "").append("\r\n").append(part).append("\r\n");
        }
        return all.append("0\r\n")
                .append(oneIn(3) ? trailer : "")
                .append("\r\n")
                .toString();
    }
}
