package dev.latchkey.gateway.audit.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A stream of audit events in Redis.
 *
 * @param enabled Whether audit events go to a stream of Redis, in which operators can look for them: the key
 *     {@code latchkey:audit}, which all nodes share
 * @param maxLength How many events the stream keeps, about; 100,000 take some 15 MB. 1000 to 10000000
 * @param maxAge For how long the stream keeps an event, 1 minute to 3660 days
 */
@ConfigurationProperties("latchkey.audit.stream")
record AuditStreamProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("100000") int maxLength,
        @DefaultValue("30d") Duration maxAge) {

    private static final int SHORTEST = 1000;
    private static final int LONGEST = 10_000_000;
    private static final Duration YOUNGEST = Duration.ofMinutes(1);
    private static final Duration OLDEST = Duration.ofDays(3660);

    AuditStreamProperties {
        if (maxLength < SHORTEST || maxLength > LONGEST) {
            throw new IllegalArgumentException(
                    "latchkey.audit.stream.max-length must lie between " + SHORTEST + " and " + LONGEST);
        }
        if (maxAge.compareTo(YOUNGEST) < 0 || maxAge.compareTo(OLDEST) > 0) {
            throw new IllegalArgumentException("latchkey.audit.stream.max-age must lie between 1 minute and 3660 days");
        }
    }
}
