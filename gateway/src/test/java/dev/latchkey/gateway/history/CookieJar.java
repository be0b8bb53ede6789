package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Presented;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A browser's: each answer sets or removes by name when it arrives, whatever it answers (RFC 6265 section 5.3). */
final class CookieJar implements TokenStore {

    static final String PREFIX = "latchkey-";
    private static final String ACCESS = PREFIX + "access";
    private static final String REFRESH = PREFIX + "refresh-";

    private final Map<String, String> cookies;

    CookieJar() {
        this(new TreeMap<>());
    }

    private CookieJar(Map<String, String> cookies) {
        this.cookies = cookies;
    }

    @Override
    public HttpRequest.Builder request(String base, Operation act, String argument) {
        HttpRequest.Builder request = act == Operation.SIGN_IN
                ? Paths.json(base, "/auth/sign-in", Paths.credentials(argument))
                : Paths.request(base, act, argument);
        request.header("Sec-Fetch-Site", "same-origin");
        if (!cookies.isEmpty()) {
            request.header("Cookie", line());
        }
        return request;
    }

    private String line() {
        return cookies.entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .collect(Collectors.joining("; "));
    }

    @Override
    public void take(Exchange exchange, HttpResponse<String> answer) {
        answer.headers().allValues("Set-Cookie").stream().map(SetCookie::parse).forEach(this::take);
    }

    private void take(SetCookie line) {
        if (line.clears()) {
            cookies.remove(line.name());
        } else {
            cookies.put(line.name(), line.value());
        }
    }

    @Override
    public Presented presented(Operation act) {
        Optional<TokenFacts> access = Optional.ofNullable(cookies.get(ACCESS)).map(TokenFacts::of);
        Optional<TokenFacts> refresh = cookies.entrySet().stream()
                .filter(it -> it.getKey().startsWith(REFRESH))
                .map(it -> TokenFacts.of(it.getValue()))
                .max(TokenFacts.BY_AGE);
        return new Presented(access, refresh);
    }

    @Override
    public boolean isSignedIn() {
        return !cookies.isEmpty();
    }

    @Override
    public TokenStore copy() {
        return new CookieJar(new TreeMap<>(cookies));
    }

    /** One line of an answer. */
    record SetCookie(String name, String value, boolean clears) {

        static SetCookie parse(String line) {
            String[] parts = line.split(";", -1);
            int equals = parts[0].indexOf('=');
            boolean clears = line.contains("Max-Age=0;") || line.endsWith("Max-Age=0");
            return new SetCookie(parts[0].substring(0, equals), parts[0].substring(equals + 1), clears);
        }

        boolean isAccess() {
            return name.equals(ACCESS);
        }

        boolean isRefresh() {
            return name.startsWith(REFRESH);
        }
    }
}
