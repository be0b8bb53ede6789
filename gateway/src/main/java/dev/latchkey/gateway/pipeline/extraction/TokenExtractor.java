package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.CookieNames;
import dev.latchkey.gateway.token.CookieProperties;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenHeaders;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;

/** Reads the tokens of a request. A bearer token wins over cookies, so that one set of credentials counts. */
@Component
public final class TokenExtractor {

    private static final String SCHEME = "Bearer";

    private final CookieNames names;

    TokenExtractor(CookieProperties cookies) {
        this.names = cookies.names();
    }

    /**
     * The credentials of a request, or why they cannot be read in one way only: there are several headers or cookies of
     * one name, and it is unknown which counts. The problem is a 400; {@link Problem#REPEATED_COOKIE} does not stop a
     * client from signing in or out, because without the prefix {@code __Host-} a neighbour under the same domain can
     * put the second cookie there (RFC 6265bis section 8.6).
     */
    public Result<PresentedTokens> extract(ServerHttpRequest request) {
        List<String> authorization = request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
        List<String> refresh = request.getHeaders().getOrEmpty(TokenHeaders.REFRESH);
        if (authorization.size() > 1) {
            return new Failure<>(Problem.malformed("There is more than one Authorization header"));
        }
        if (refresh.size() > 1) {
            return new Failure<>(Problem.malformed("There is more than one " + TokenHeaders.REFRESH + " header"));
        }
        Optional<AccessToken> bearer = authorization.stream().findFirst().flatMap(TokenExtractor::bearer);
        if (bearer.isPresent() || !refresh.isEmpty()) {
            List<RefreshToken> refreshes =
                    refresh.stream().map(RefreshToken::new).toList();
            return new Success<>(new PresentedTokens(bearer, refreshes, false));
        }
        return fromCookies(request.getCookies());
    }

    /** The token after the scheme, which is matched without regard to case (RFC 9110 section 11.1). */
    private static Optional<AccessToken> bearer(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String rest = authorization.substring(SCHEME.length());
        boolean schemeEnds = rest.isEmpty() || rest.charAt(0) == ' ';
        return schemeEnds ? Optional.of(new AccessToken(rest.strip())) : Optional.empty();
    }

    private Result<PresentedTokens> fromCookies(MultiValueMap<String, HttpCookie> cookies) {
        if (isRepeated(cookies, names.access())
                || names.refreshes().stream().anyMatch(name -> isRepeated(cookies, name))) {
            return new Failure<>(Problem.REPEATED_COOKIE);
        }
        Optional<AccessToken> access = value(cookies, names.access()).map(AccessToken::new);
        List<RefreshToken> refreshes = names.refreshes().stream()
                .flatMap(name -> value(cookies, name).map(RefreshToken::new).stream())
                .toList();
        boolean isPresent = access.isPresent() || !refreshes.isEmpty();
        return new Success<>(new PresentedTokens(access, refreshes, isPresent));
    }

    private static boolean isRepeated(MultiValueMap<String, HttpCookie> cookies, String name) {
        return cookies.getOrDefault(name, List.of()).size() > 1;
    }

    private static Optional<String> value(MultiValueMap<String, HttpCookie> cookies, String name) {
        return Optional.ofNullable(cookies.getFirst(name))
                .map(HttpCookie::getValue)
                .filter(value -> !value.isEmpty());
    }
}
