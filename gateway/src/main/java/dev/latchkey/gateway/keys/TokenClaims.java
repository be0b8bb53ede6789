package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import io.jsonwebtoken.Claims;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads claims into value types. A claim that is missing or malformed is an {@link IllegalArgumentException}, which
 * {@link Hs256Tokens} turns into an outcome.
 */
final class TokenClaims {

    static final String SESSION = "sid";
    static final String GENERATION = "gen";
    static final String AUTH_TIME = "auth_time";
    static final String ROLES = "roles";
    static final String NAME = "name";
    static final String EMAIL = "email";

    /** When the user signed in at their provider; {@code auth_time} is when the session began here. */
    static final String PROVIDER_AUTH_TIME = "idp_auth_time";

    static final String ACR = "acr";

    /** There, and true, in the access tokens of a session that is bound to a device. */
    static final String DEVICE_BOUND = "device_bound";

    /** RFC 7800 section 3.1. */
    static final String CONFIRMATION = "cnf";

    /** RFC 9449 section 6.1. */
    private static final String THUMBPRINT = "jkt";

    private final Claims claims;

    TokenClaims(Claims claims) {
        this.claims = claims;
    }

    Subject subject() {
        return new Subject(required(claims.getSubject(), Claims.SUBJECT));
    }

    SessionId session() {
        return new SessionId(required(SESSION, String.class));
    }

    Generation generation() {
        return new Generation(required(GENERATION, Integer.class));
    }

    TokenId id() {
        return new TokenId(required(claims.getId(), Claims.ID));
    }

    Instant issuedAt() {
        return required(claims.getIssuedAt(), Claims.ISSUED_AT).toInstant();
    }

    Instant expiresAt() {
        return required(claims.getExpiration(), Claims.EXPIRATION).toInstant();
    }

    Instant authTime() {
        return instant(required(AUTH_TIME, Number.class));
    }

    /** A {@code cnf} that tells of the key in another way than ours makes the token unusable. */
    Optional<KeyThumbprint> boundTo() {
        return optional(CONFIRMATION, Map.class).map(confirmation -> {
            if (confirmation.size() == 1 && confirmation.get(THUMBPRINT) instanceof String thumbprint) {
                return new KeyThumbprint(thumbprint);
            }
            throw unusable(CONFIRMATION);
        });
    }

    /** What {@link #boundTo} reads. */
    static Map<String, String> confirmation(KeyThumbprint key) {
        return Map.of(THUMBPRINT, key.value());
    }

    Roles roles() {
        Collection<?> values = required(ROLES, Collection.class);
        if (!values.stream().allMatch(String.class::isInstance)) {
            throw unusable(ROLES);
        }
        return Roles.of(values.stream().map(String.class::cast).toList());
    }

    IdTokenClaims provider() {
        Optional<String> name = optional(NAME, String.class);
        Optional<String> email = optional(EMAIL, String.class);
        Optional<Instant> authTime = optional(PROVIDER_AUTH_TIME, Number.class).map(TokenClaims::instant);
        Optional<String> acr = optional(ACR, String.class);
        return name.isEmpty() && email.isEmpty() && authTime.isEmpty() && acr.isEmpty()
                ? IdTokenClaims.NONE
                : new IdTokenClaims(name, email, authTime, acr);
    }

    boolean deviceBound() {
        return optional(DEVICE_BOUND, Boolean.class).orElse(false);
    }

    /** A NumericDate with its milliseconds (RFC 7519 section 2 allows fractions). */
    static BigDecimal numericDate(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    /** The JSON reader gives a double, which holds milliseconds exactly for the next hundred thousand years. */
    private static Instant instant(Number seconds) {
        BigDecimal millis = new BigDecimal(seconds.toString()).movePointRight(3);
        return Instant.ofEpochMilli(millis.setScale(0, RoundingMode.UNNECESSARY).longValueExact());
    }

    private <T> T required(String name, Class<T> type) {
        return optional(name, type).orElseThrow(() -> unusable(name));
    }

    private <T> Optional<T> optional(String name, Class<T> type) {
        return Optional.ofNullable(claims.get(name)).map(value -> {
            if (!type.isInstance(value)) {
                throw unusable(name);
            }
            return type.cast(value);
        });
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw unusable(name);
        }
        return value;
    }

    private static IllegalArgumentException unusable(String name) {
        return new IllegalArgumentException("no usable claim " + name);
    }
}
