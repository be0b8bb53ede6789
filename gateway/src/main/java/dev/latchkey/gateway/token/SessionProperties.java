package dev.latchkey.gateway.token;

import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long sessions live.
 *
 * @param idleTimeout After how long without a rotation a session ends
 * @param absoluteTimeout After how long a session ends in any case, counted from sign-in; at most 400 days
 */
@ConfigurationProperties("latchkey.session")
public record SessionProperties(
        @DefaultValue("7d") Duration idleTimeout,
        @DefaultValue("30d") Duration absoluteTimeout) {

    private static final Duration LONGEST = Duration.ofDays(400);

    public SessionProperties {
        if (absoluteTimeout.compareTo(Duration.ofMinutes(1)) < 0 || absoluteTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.session.absolute-timeout must lie between 1m and 400d,"
                    + " the longest that browsers keep a cookie");
        }
        if (idleTimeout.compareTo(Duration.ofMinutes(1)) < 0 || idleTimeout.compareTo(absoluteTimeout) > 0) {
            throw new IllegalArgumentException(
                    "latchkey.session.idle-timeout must lie between 1m and latchkey.session.absolute-timeout");
        }
    }

    /**
     * When the session of an access token ends at the latest, as far as the token and this node's configuration tell. A
     * session that began under a longer timeout keeps its own end, which no token of it outlives.
     */
    public Instant latestEnd(AccessClaims token) {
        Instant end = token.authTime().plus(absoluteTimeout);
        return end.isBefore(token.expiresAt()) ? token.expiresAt() : end;
    }
}
