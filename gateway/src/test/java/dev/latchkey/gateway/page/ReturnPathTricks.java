package dev.latchkey.gateway.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;

/** The lines of {@code return-path-tricks.txt}. */
public final class ReturnPathTricks {

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private ReturnPathTricks() {}

    public static Stream<String> all() throws IOException {
        return lines("page/return-path-tricks.txt").map(ReturnPathTricks::unescaped);
    }

    public static Stream<String> lines(String file) throws IOException {
        return new ClassPathResource("dev/latchkey/gateway/" + file)
                .getContentAsString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("# "));
    }

    private static String unescaped(String line) {
        String text = line.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r");
        return ESCAPE.matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }
}
