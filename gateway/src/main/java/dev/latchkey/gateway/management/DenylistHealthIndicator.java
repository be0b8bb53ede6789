package dev.latchkey.gateway.management;

import dev.latchkey.gateway.denylist.LocalDenylistReport;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Shows how fresh this node's copy of the denylist is. A stale one is not a failure, because requests then read Redis;
 * whether they can, the health of Redis says.
 */
@Component
final class DenylistHealthIndicator implements HealthIndicator {

    private final LocalDenylistReport denylist;

    DenylistHealthIndicator(LocalDenylistReport denylist) {
        this.denylist = denylist;
    }

    @Override
    public Health health() {
        return (denylist.isFresh() ? Health.up() : Health.unknown())
                .withDetail("fresh", denylist.isFresh())
                .withDetail("ageMillis", denylist.age().toMillis())
                .withDetail("sessions", denylist.sessions())
                .withDetail("users", denylist.users())
                .withDetail("ended", denylist.ended())
                .withDetail("restoredShards", denylist.restoredShards())
                .withDetail("unreadable", denylist.unreadable())
                .build();
    }
}
