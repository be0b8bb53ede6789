package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * Writes claims, and reads them into value types. One that is missing or malformed is an
 * {@link IllegalArgumentException}, which {@link Hs256Tokens} turns into an outcome.
 */
final class TokenClaims {

    private static final String SUBJECT = "sub";
    private static final String ID = "jti";
    private static final String ISSUED_AT = "iat";
    private static final String EXPIRES_AT = "exp";

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
    private static final String CONFIRMATION = "cnf";

    /** RFC 9449 section 6.1. */
    private static final String THUMBPRINT = "jkt";

    /**
     * The key of the caller, in identity tokens, named as the parameter of RFC 9449 section 10. Their bearer is the
     * gateway, which does not have that key: with {@code cnf}, a backend that knows DPoP would have to refuse them
     * (section 7.1), as one with Spring Security does.
     */
    static final String CALLER_KEY = "dpop_jkt";

    private final Map<String, Object> claims;

    /**
     * The claims of a token whose signature is verified. None of ours has {@code nbf}, before which it would not count
     * (RFC 7519 section 4.1.5).
     */
    TokenClaims(Map<String, Object> claims) {
        if (claims.containsKey("nbf")) {
            throw unusable("nbf");
        }
        this.claims = claims;
    }

    /** Writes what all tokens say that only the gateway reads. */
    static void write(SessionClaims content, Issuer issuer, JsonGenerator json) {
        json.writeStringProperty("iss", issuer.value())
                .writeArrayPropertyStart("aud")
                .writeString(issuer.value())
                .writeEndArray()
                .writeStringProperty(SUBJECT, content.subject().value())
                .writeStringProperty(SESSION, content.session().value())
                .writeNumberProperty(GENERATION, content.generation().number())
                .writeStringProperty(ID, content.id().value())
                .writeNumberProperty(ISSUED_AT, content.issuedAt().getEpochSecond())
                .writeNumberProperty(EXPIRES_AT, content.expiresAt().getEpochSecond())
                .writeNumberProperty(AUTH_TIME, numericDate(content.authTime()));
        content.boundTo()
                .ifPresent(bound -> json.writeObjectPropertyStart(CONFIRMATION)
                        .writeStringProperty(THUMBPRINT, bound.value())
                        .writeEndObject());
    }

    Subject subject() {
        return new Subject(required(SUBJECT, String.class));
    }

    SessionId session() {
        return new SessionId(required(SESSION, String.class));
    }

    Generation generation() {
        return new Generation(required(GENERATION, Integer.class));
    }

    TokenId id() {
        return new TokenId(required(ID, String.class));
    }

    Instant issuedAt() {
        return instant(required(ISSUED_AT, Number.class));
    }

    Instant expiresAt() {
        return instant(required(EXPIRES_AT, Number.class));
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
        if (millis.signum() < 0) {
            throw new IllegalArgumentException("before 1970");
        }
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

    private static IllegalArgumentException unusable(String name) {
        return new IllegalArgumentException("no usable claim " + name);
    }
}
