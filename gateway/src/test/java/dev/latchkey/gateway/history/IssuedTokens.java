package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Reply;
import dev.latchkey.gateway.testing.CookieJar;
import dev.latchkey.gateway.testing.CookieJar.SetCookie;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The tokens that an answer hands out, in cookies, headers or body. */
record IssuedTokens(Optional<String> access, Optional<String> refresh) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static IssuedTokens of(HttpResponse<String> answer) {
        List<SetCookie> cookies = CookieJar.set(answer);
        Map<?, ?> body = body(answer);
        return new IssuedTokens(
                cookies.stream()
                        .filter(cookie -> BrowserTokens.isAccess(cookie) && !cookie.clears())
                        .map(SetCookie::value)
                        .findFirst()
                        .or(() -> answer.headers().firstValue("Latchkey-Access-Token"))
                        .or(() -> Optional.ofNullable((String) body.get("accessToken"))),
                cookies.stream()
                        .filter(cookie -> BrowserTokens.isRefresh(cookie) && !cookie.clears())
                        .map(SetCookie::value)
                        .findFirst()
                        .or(() -> answer.headers().firstValue("Latchkey-Refresh-Token"))
                        .or(() -> Optional.ofNullable((String) body.get("refreshToken"))));
    }

    /** What an answer says, for the record. A refresh token that was presented already is not a new one. */
    static Reply reply(Operation operation, Exchange.Presented presented, HttpResponse<String> answer) {
        IssuedTokens issued = of(answer);
        boolean isFromBackend =
                answer.statusCode() == 200 && (operation == Operation.GET || operation == Operation.SLOW_GET);
        return new Reply(
                answer.statusCode(),
                issued.access.map(TokenFacts::of),
                issued.refresh
                        .map(TokenFacts::of)
                        .filter(token ->
                                !presented.refresh().filter(token::equals).isPresent()),
                operation != Operation.SIGN_IN && CookieJar.set(answer).stream().anyMatch(SetCookie::clears),
                answer.headers().firstValue("Retry-After").isPresent(),
                isFromBackend ? answer.body() : "");
    }

    private static Map<?, ?> body(HttpResponse<String> answer) {
        boolean isTokens = answer.statusCode() == 200 && answer.body().startsWith("{\"accessToken\"");
        return isTokens ? JSON.readValue(answer.body(), Map.class) : Map.of();
    }
}
