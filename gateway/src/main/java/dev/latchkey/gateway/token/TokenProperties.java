package dev.latchkey.gateway.token;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long tokens live.
 *
 * @param accessTtl Lifetime of an access token, 1 second to 1 hour. One that is older is not accepted either, whatever
 *     it says
 */
@ConfigurationProperties("latchkey.token")
public record TokenProperties(@DefaultValue("5m") Duration accessTtl) {

    private static final Duration LONGEST = Duration.ofHours(1);

    public TokenProperties {
        if (accessTtl.compareTo(Duration.ofSeconds(1)) < 0 || accessTtl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.token.access-ttl must lie between 1s and 1h");
        }
    }
}
