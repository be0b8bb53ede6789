package dev.latchkey.gateway.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How long identity tokens live.
 *
 * @param ttl Lifetime of an identity token, 1 minute to 24 hours, but never beyond the session's end; a minute more
 *     than {@code latchkey.token.access-ttl} if not set. A backend accepts one for so long after a revocation
 */
@ConfigurationProperties("latchkey.identity")
public record IdentityProperties(@Nullable Duration ttl) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    public IdentityProperties {
        if (ttl != null && (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("latchkey.identity.ttl must lie between 1m and 24h");
        }
    }

    /** As set, or else as access tokens of these properties and a minute. */
    public Duration ttl(TokenProperties tokens) {
        return ttl == null ? tokens.accessTtl().plus(IdentityClaims.BEYOND_ACCESS) : ttl;
    }
}
