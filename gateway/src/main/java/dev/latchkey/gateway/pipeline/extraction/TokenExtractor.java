package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenHeaders;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Reads the tokens of a request. A bearer token wins over cookies, so that one set of credentials counts. */
@Component
public final class TokenExtractor {

    private static final String SCHEME = "Bearer";

    private static final String AUTHORIZATION = "Authorization";
    private static final String COOKIE = "Cookie";

    private final String access;
    private final List<String> refreshes;

    TokenExtractor(CookieProperties cookies) {
        this.access = cookies.names().access();
        this.refreshes = cookies.names().refreshes();
    }

    /**
     * The credentials of a request, or why they cannot be read in one way only: there are several headers or cookies of
     * one name, and it is unknown which counts. The problem is a 400; {@link Problem#REPEATED_COOKIE} does not stop a
     * client from signing in or out, because without the prefix {@code __Host-} a neighbour under the same domain can
     * put the second cookie there (RFC 6265bis section 8.6).
     */
    public Result<PresentedTokens> extract(RequestHead request) {
        HeaderFields fields = request.fields();
        String authorization = fields.first(AUTHORIZATION);
        String refresh = fields.first(TokenHeaders.REFRESH);
        if (authorization != null && fields.isRepeated(AUTHORIZATION)) {
            return new Failure<>(Problem.malformed("There is more than one Authorization header"));
        }
        if (refresh != null && fields.isRepeated(TokenHeaders.REFRESH)) {
            return new Failure<>(Problem.malformed("There is more than one " + TokenHeaders.REFRESH + " header"));
        }
        Optional<AccessToken> bearer = authorization == null ? Optional.empty() : bearer(authorization);
        if (bearer.isPresent() || refresh != null) {
            List<RefreshToken> refreshes = refresh == null ? List.of() : List.of(new RefreshToken(refresh));
            return new Success<>(new PresentedTokens(bearer, refreshes, false));
        }
        return fromCookies(fields.all(COOKIE));
    }

    /** The token after the scheme, which is matched without regard to case (RFC 9110 section 11.1). */
    private static Optional<AccessToken> bearer(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        int from = SCHEME.length();
        int to = authorization.length();
        if (from < to && authorization.charAt(from) != ' ') {
            return Optional.empty();
        }
        while (from < to && Character.isWhitespace(authorization.charAt(from))) {
            from++;
        }
        while (from < to && Character.isWhitespace(authorization.charAt(to - 1))) {
            to--;
        }
        return Optional.of(new AccessToken(authorization, from, to));
    }

    private Result<PresentedTokens> fromCookies(List<String> lines) {
        TokenCookieScan scan = new TokenCookieScan(access, refreshes);
        for (String line : lines) {
            scan.read(line);
        }
        return scan.isRepeated() ? new Failure<>(Problem.REPEATED_COOKIE) : new Success<>(scan.presented());
    }
}
