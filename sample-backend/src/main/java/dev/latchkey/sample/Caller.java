package dev.latchkey.sample;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/** What the identity token says of the caller, or that there was none. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Caller(
        String service,
        boolean anonymous,
        @Nullable String subject,
        List<String> roles,
        List<String> audience,
        @Nullable String issuer,
        @Nullable String session,
        @Nullable Instant issuedAt,
        @Nullable Instant expiresAt) {

    /** The caller behind a verified token; {@code null} is an anonymous one. */
    static Caller of(String service, @Nullable Jwt token) {
        if (token == null) {
            return new Caller(service, true, null, List.of(), List.of(), null, null, null, null);
        }
        return new Caller(
                service,
                false,
                token.getSubject(),
                orEmpty(token.getClaimAsStringList("roles")),
                orEmpty(token.getAudience()),
                token.getClaimAsString("iss"),
                token.getClaimAsString("sid"),
                token.getIssuedAt(),
                token.getExpiresAt());
    }

    /** A name to show. */
    String name() {
        return subject == null ? "anonymous" : subject;
    }

    private static List<String> orEmpty(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }
}
