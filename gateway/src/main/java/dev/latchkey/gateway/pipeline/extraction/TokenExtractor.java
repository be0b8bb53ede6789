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
import dev.latchkey.gateway.token.dpop.DpopProperties;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Reads the tokens of a request. A bearer token wins over cookies, so that one set of credentials counts. */
@Component
public final class TokenExtractor {

    private static final String BEARER = "Bearer";

    private static final String AUTHORIZATION = "Authorization";
    private static final String COOKIE = "Cookie";

    private final String access;
    private final List<String> refreshes;
    private final boolean takesProofs;

    TokenExtractor(CookieProperties cookies, DpopProperties dpop) {
        this.access = cookies.names().access();
        this.refreshes = cookies.names().refreshes();
        this.takesProofs = dpop.enabled();
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
        Optional<AccessToken> bearer = authorization == null ? Optional.empty() : after(BEARER, authorization);
        Optional<AccessToken> bound = authorization == null || bearer.isPresent() || !takesProofs
                ? Optional.empty()
                : after(TokenHeaders.DPOP, authorization);
        if (bearer.isPresent() || bound.isPresent() || refresh != null) {
            List<RefreshToken> refreshes = refresh == null ? List.of() : List.of(new RefreshToken(refresh));
            Optional<PresentedProof> proof = bearer.isPresent() ? Optional.empty() : proof(request, bound);
            return new Success<>(new PresentedTokens(bearer.isPresent() ? bearer : bound, refreshes, false, proof));
        }
        return fromCookies(fields.all(COOKIE));
    }

    /** Whether a request says by its headers who sends it, as a program does, and not by cookies. */
    public static boolean isByHeader(RequestHead request) {
        return request.fields().contains(AUTHORIZATION) || request.fields().contains(TokenHeaders.REFRESH);
    }

    /** What a request that brings no access token presents as proof that its sender holds a key. */
    public Optional<PresentedProof> proof(RequestHead request) {
        return proof(request, Optional.empty());
    }

    /** A token of this scheme is nothing without one. */
    private Optional<PresentedProof> proof(RequestHead request, Optional<AccessToken> bound) {
        return takesProofs && (bound.isPresent() || request.fields().contains(TokenHeaders.DPOP))
                ? Optional.of(new PresentedProof(request, bound))
                : Optional.empty();
    }

    /** The token after the scheme, which is matched without regard to case (RFC 9110 section 11.1). */
    private static Optional<AccessToken> after(String scheme, String authorization) {
        if (!authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return Optional.empty();
        }
        int from = scheme.length();
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
