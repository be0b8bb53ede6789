package dev.latchkey.gateway.management;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadStatus.Report;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether what a file says is active. Where it is not, the node is degraded and not down: it serves what was read
 * before, and a bad file reaches all nodes at once.
 */
final class ReloadHealth implements HealthIndicator {

    private final ReloadStatus status;

    ReloadHealth(ReloadStatus status) {
        this.status = status;
    }

    @Override
    public Health health() {
        Report report = status.report();
        Health.Builder health = Health.status(report.errors().isEmpty() ? Status.UP : RoutesHealth.DEGRADED)
                .withDetail("loadedAt", report.loadedAt())
                .withDetail("count", report.count());
        if (!report.errors().isEmpty()) {
            health.withDetail("errors", report.errors());
        }
        return health.build();
    }
}
