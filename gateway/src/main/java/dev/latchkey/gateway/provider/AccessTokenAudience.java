package dev.latchkey.gateway.provider;

import com.nimbusds.jwt.JWTParser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import java.text.ParseException;
import java.util.List;

/**
 * For whom an access token is, where that can be seen: to a client it is opaque (RFC 6749 section 1.4), but one that is
 * a JWT names its audience (RFC 9068 section 2.2). Nothing is trusted because of it.
 */
final class AccessTokenAudience {

    private AccessTokenAudience() {}

    /** Whether a token came that says that it is for others only. */
    static boolean isOther(TokenAnswer answer, String audience) {
        List<String> named = answer instanceof Granted granted
                ? granted.tokens().access().map(AccessTokenAudience::of).orElse(List.of())
                : List.of();
        return !named.isEmpty() && !named.contains(audience);
    }

    private static List<String> of(String token) {
        try {
            return JWTParser.parse(token).getJWTClaimsSet().getAudience();
        } catch (ParseException | RuntimeException opaque) {
            return List.of();
        }
    }
}
