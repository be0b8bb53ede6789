package dev.latchkey.gateway.routes.upstream;

import java.time.Duration;
import java.util.Set;

/**
 * How the gateway asks the backends of a route whether they are healthy.
 *
 * @param checkedPath what is requested, without a query
 * @param interval from one answer to the next request, give or take a tenth
 * @param timeout for a whole answer
 * @param unhealthyThreshold after how many failures in a row a backend is unhealthy
 * @param healthyThreshold after how many successes in a row it is healthy again
 * @param statuses what a healthy backend answers
 */
public record HealthCheckRule(
        String checkedPath,
        Duration interval,
        Duration timeout,
        int unhealthyThreshold,
        int healthyThreshold,
        Set<Integer> statuses) {

    public static final Duration INTERVAL = Duration.ofSeconds(5);
    public static final Duration TIMEOUT = Duration.ofSeconds(2);
    public static final int UNHEALTHY_THRESHOLD = 2;
    public static final int HEALTHY_THRESHOLD = 1;
    public static final Set<Integer> STATUSES = Set.of(200);

    public HealthCheckRule {
        statuses = Set.copyOf(statuses);
        if (unhealthyThreshold < 1 || healthyThreshold < 1) {
            throw new IllegalArgumentException("thresholds are counted from one");
        }
    }
}
