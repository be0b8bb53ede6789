package dev.latchkey.gateway.signin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code User-Agent} in words by which users recognize their device. Nothing of the header itself is kept except the
 * plain name of a tool that is not a browser.
 */
final class UserAgentLabel {

    private static final String UNKNOWN = "Unknown browser";
    private static final Pattern TOOL = Pattern.compile("([A-Za-z][A-Za-z0-9.-]{0,19})/[0-9].*");

    /** The more specific first: Edge and Opera call themselves Chrome, and Chrome calls itself Safari. */
    private static final List<Map.Entry<String, String>> BROWSERS = List.of(
            Map.entry("Edg", "Edge"),
            Map.entry("OPR/", "Opera"),
            Map.entry("SamsungBrowser/", "Samsung Internet"),
            Map.entry("Firefox/", "Firefox"),
            Map.entry("FxiOS/", "Firefox"),
            Map.entry("CriOS/", "Chrome"),
            Map.entry("Chrome/", "Chrome"),
            Map.entry("Safari/", "Safari"));

    private static final List<Map.Entry<String, String>> SYSTEMS = List.of(
            Map.entry("iPhone", "iPhone"),
            Map.entry("iPad", "iPad"),
            Map.entry("Android", "Android"),
            Map.entry("CrOS", "ChromeOS"),
            Map.entry("Windows", "Windows"),
            Map.entry("Mac OS X", "Mac"),
            Map.entry("Linux", "Linux"));

    private UserAgentLabel() {}

    /** At most 40 characters, for example {@code Firefox on Linux}. */
    static String describe(String userAgent) {
        Optional<String> browser = first(BROWSERS, userAgent);
        Optional<String> system = first(SYSTEMS, userAgent);
        return browser.map(name -> system.map(os -> name + " on " + os).orElse(name))
                .or(() -> tool(userAgent))
                .orElse(UNKNOWN);
    }

    private static Optional<String> first(List<Map.Entry<String, String>> signs, String userAgent) {
        return signs.stream()
                .filter(sign -> userAgent.contains(sign.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Optional<String> tool(String userAgent) {
        Matcher matcher = TOOL.matcher(userAgent);
        boolean plain = matcher.matches() && !matcher.group(1).equals("Mozilla");
        return plain ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
