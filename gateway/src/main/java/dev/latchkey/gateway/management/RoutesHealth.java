package dev.latchkey.gateway.management;

import dev.latchkey.gateway.routes.reload.RoutesReport;
import dev.latchkey.gateway.routes.reload.RoutesStatus;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Whether the routes in force are those of the files. Where they are not, the node is degraded and not down: it serves
 * the last good routes, and a bad file reaches all nodes at once.
 */
@Component("routesHealthIndicator")
final class RoutesHealth implements HealthIndicator {

    static final Status DEGRADED = new Status("DEGRADED");

    private final RoutesStatus status;

    RoutesHealth(RoutesStatus status) {
        this.status = status;
    }

    @Override
    public Health health() {
        RoutesReport report = status.summary();
        Health.Builder health = Health.status(report.isGood() ? Status.UP : DEGRADED)
                .withDetail("version", report.version())
                .withDetail("loadedAt", report.loadedAt())
                .withDetail("count", report.count())
                .withDetail("onCopy", report.onCopy());
        report.copyFault().ifPresent(it -> health.withDetail("copyFault", it));
        if (!report.lastAttempt().errors().isEmpty()) {
            health.withDetail("errors", report.lastAttempt().errors());
        }
        return health.build();
    }
}
