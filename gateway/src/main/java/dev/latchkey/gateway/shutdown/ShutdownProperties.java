package dev.latchkey.gateway.shutdown;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How long a stop may take: {@code drain}, at most a second for connections that have just arrived, and
 * {@code timeout}.
 *
 * @param drain How long a stopping node goes on accepting connections and answering, with {@code Connection: close}; 0
 *     to 10 minutes
 * @param timeout How long requests in progress, and refreshes of providers' tokens, may take after the drain before
 *     they are cut, 0 to 10 minutes
 */
@ConfigurationProperties("latchkey.shutdown")
record ShutdownProperties(
        @DefaultValue("5s") Duration drain,
        @DefaultValue("30s") Duration timeout) {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    ShutdownProperties {
        Assert.isTrue(isInRange(drain), "latchkey.shutdown.drain must lie between 0 and 10m");
        Assert.isTrue(isInRange(timeout), "latchkey.shutdown.timeout must lie between 0 and 10m");
    }

    private static boolean isInRange(Duration time) {
        return !time.isNegative() && time.compareTo(LONGEST) <= 0;
    }
}
