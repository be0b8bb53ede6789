package dev.latchkey.gateway.provider;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTParser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.TokenAnswer.Ours;
import dev.latchkey.gateway.provider.TokenAnswer.Refused;
import dev.latchkey.gateway.provider.TokenAnswer.Trouble;
import dev.latchkey.gateway.provider.TokenAnswer.Unknown;
import dev.latchkey.gateway.provider.TokenAnswer.Unsent;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.provider.transport.Sent.Answered;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what token endpoints answer (RFC 6749 sections 5.1 and 5.2). Only a whole error document is a refusal. */
final class TokenAnswers {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int LONGEST_CODE = 64;
    private static final long MOST_SECONDS = Duration.ofDays(3650).toSeconds();

    /** The provider refuses the user or the grant. */
    private static final Set<String> REFUSALS =
            Set.of("invalid_grant", "interaction_required", "login_required", "consent_required");

    /** The provider could not work on it. */
    private static final Set<String> TROUBLES = Set.of("temporarily_unavailable", "server_error", "slow_down");

    private TokenAnswers() {}

    /** @param sent with which the request was made: what the answer does not renew stays */
    static TokenAnswer read(Sent answer, UpstreamTokens sent, Duration defaultExpiresIn) {
        return answer.fold(
                come -> read(come, sent, defaultExpiresIn),
                lost -> new Unknown(lost.how()),
                unsent -> new Unsent(unsent.why()));
    }

    private static TokenAnswer read(Answered answer, UpstreamTokens sent, Duration defaultExpiresIn) {
        int status = answer.status();
        boolean isPause = status == TOO_MANY
                || (status == UNAVAILABLE && answer.header("Retry-After").isPresent());
        if (isPause) {
            return new Trouble(answer.retryAfter());
        }
        Optional<Map<String, Object>> document = answer.isJson() ? parse(answer.body()) : Optional.empty();
        if (document.isEmpty() || !says(status, document.get())) {
            return new Unknown("status " + status);
        }
        return status == OK
                ? granted(document.get(), sent, defaultExpiresIn)
                : refused(code(document.get()), answer.retryAfter());
    }

    /**
     * Whether the document is the provider's word. With 403, which any server in between may answer, it is where it
     * refuses a grant: so does Auth0.
     */
    private static boolean says(int status, Map<String, Object> document) {
        return status == OK
                || status == BAD_REQUEST
                || status == UNAUTHORIZED
                || (status == FORBIDDEN && REFUSALS.contains(code(document)));
    }

    private static Optional<Map<String, Object>> parse(String body) {
        try {
            return Optional.of(JSONObjectUtils.parse(body));
        } catch (ParseException | RuntimeException malformed) {
            return Optional.empty();
        }
    }

    /** The error code; what is none is not repeated anywhere. */
    static String code(Map<String, Object> document) {
        String code = text(document, "error").orElse("");
        boolean isCode = code.length() <= LONGEST_CODE
                && code.chars().allMatch(letter -> letter == '_' || (letter >= 'a' && letter <= 'z'));
        return isCode ? code : "unknown";
    }

    private static TokenAnswer refused(String code, Optional<Duration> retryAfter) {
        if (code.isEmpty()) {
            return new Unknown("an error without a code");
        }
        if (REFUSALS.contains(code)) {
            return new Refused(code);
        }
        return TROUBLES.contains(code) ? new Trouble(retryAfter) : new Ours(code);
    }

    private static TokenAnswer granted(Map<String, Object> document, UpstreamTokens sent, Duration defaultExpiresIn) {
        Optional<String> access = text(document, "access_token");
        if (access.isEmpty()) {
            return new Unknown("no access token");
        }
        UpstreamTokens tokens = new UpstreamTokens(
                sent.client(),
                text(document, "refresh_token").or(sent::refresh),
                access,
                text(document, "id_token"),
                text(document, "scope").orElse(sent.scope()),
                sent.dpopKey());
        Optional<Duration> refreshLife =
                seconds(document, "refresh_expires_in").or(() -> seconds(document, "refresh_token_expires_in"));
        return new Granted(tokens, seconds(document, "expires_in").orElse(defaultExpiresIn), refreshLife);
    }

    /**
     * Whether an access token came that says that it is for others only: to a client it is opaque (RFC 6749 section
     * 1.4), but one that is a JWT names its audience (RFC 9068 section 2.2). Nothing is trusted because of it.
     */
    static boolean isForOthers(TokenAnswer answer, String audience) {
        List<String> named = answer instanceof Granted granted
                ? granted.tokens().access().map(TokenAnswers::audienceOf).orElse(List.of())
                : List.of();
        return !named.isEmpty() && !named.contains(audience);
    }

    private static List<String> audienceOf(String token) {
        try {
            return JWTParser.parse(token).getJWTClaimsSet().getAudience();
        } catch (ParseException | RuntimeException opaque) {
            return List.of();
        }
    }

    private static Optional<String> text(Map<String, Object> document, String name) {
        return document.get(name) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /** A number, or a number in a text, as some providers write it; 0 is none. */
    private static Optional<Duration> seconds(Map<String, Object> document, String name) {
        Object value = document.get(name);
        long seconds = value instanceof Number number ? number.longValue() : parse(value);
        return seconds > 0 ? Optional.of(Duration.ofSeconds(Math.min(seconds, MOST_SECONDS))) : Optional.empty();
    }

    private static long parse(@Nullable Object value) {
        boolean isNumber = value instanceof String text
                && !text.isEmpty()
                && text.length() <= 12
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return isNumber ? Long.parseLong(String.valueOf(value)) : 0;
    }
}
