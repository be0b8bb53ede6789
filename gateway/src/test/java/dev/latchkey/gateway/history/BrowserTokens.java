package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Presented;
import dev.latchkey.gateway.testing.CookieJar;
import dev.latchkey.gateway.testing.CookieJar.SetCookie;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;

/** Those of a browser, which keeps them in cookies. */
final class BrowserTokens implements TokenStore {

    static final String PREFIX = "latchkey-";
    private static final String ACCESS = PREFIX + "access";
    private static final String REFRESH = PREFIX + "refresh-";

    private final CookieJar jar;

    BrowserTokens() {
        this(Map.of());
    }

    private BrowserTokens(Map<String, String> cookies) {
        jar = new CookieJar(cookies);
    }

    @Override
    public HttpRequest.Builder request(String base, Operation operation, String argument) {
        HttpRequest.Builder request = operation == Operation.SIGN_IN
                ? Paths.json(base, "/auth/sign-in", Paths.credentials(argument))
                : Paths.request(base, operation, argument);
        request.header("Sec-Fetch-Site", "same-origin");
        if (!jar.isEmpty()) {
            request.header("Cookie", jar.line());
        }
        return request;
    }

    @Override
    public void take(Exchange exchange, HttpResponse<String> answer) {
        jar.keep(answer);
    }

    @Override
    public Presented presented(Operation operation) {
        Map<String, String> cookies = jar.cookies();
        Optional<TokenFacts> access = Optional.ofNullable(cookies.get(ACCESS)).map(TokenFacts::of);
        Optional<TokenFacts> refresh = cookies.entrySet().stream()
                .filter(cookie -> cookie.getKey().startsWith(REFRESH))
                .map(cookie -> TokenFacts.of(cookie.getValue()))
                .max(TokenFacts.BY_AGE);
        return new Presented(access, refresh);
    }

    @Override
    public boolean isSignedIn() {
        return !jar.isEmpty();
    }

    @Override
    public TokenStore copy() {
        return new BrowserTokens(jar.cookies());
    }

    static boolean isAccess(SetCookie cookie) {
        return cookie.name().equals(ACCESS);
    }

    static boolean isRefresh(SetCookie cookie) {
        return cookie.name().startsWith(REFRESH);
    }
}
