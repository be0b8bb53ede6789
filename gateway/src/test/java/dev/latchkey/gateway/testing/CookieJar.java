package dev.latchkey.gateway.testing;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A browser's: each answer sets or removes by name when it arrives, whatever it answers (RFC 6265 section 5.3). */
public final class CookieJar {

    private final Map<String, String> cookies;

    public CookieJar(Map<String, String> cookies) {
        this.cookies = new TreeMap<>(cookies);
    }

    /** A copy of what it holds. */
    public Map<String, String> cookies() {
        return new TreeMap<>(cookies);
    }

    public boolean isEmpty() {
        return cookies.isEmpty();
    }

    /** As a browser sends it. */
    public String line() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    public void keep(HttpResponse<?> answer) {
        for (SetCookie line : set(answer)) {
            if (line.clears()) {
                cookies.remove(line.name());
            } else {
                cookies.put(line.name(), line.value());
            }
        }
    }

    /** What an answer sets and clears, in order. */
    public static List<SetCookie> set(HttpResponse<?> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .map(SetCookie::parse)
                .toList();
    }

    /** One line of an answer. */
    public record SetCookie(String name, String value, boolean clears) {

        private static SetCookie parse(String line) {
            String[] parts = line.split(";", -1);
            int equals = parts[0].indexOf('=');
            boolean clears = line.contains("Max-Age=0;") || line.endsWith("Max-Age=0");
            return new SetCookie(parts[0].substring(0, equals), parts[0].substring(equals + 1), clears);
        }
    }
}
