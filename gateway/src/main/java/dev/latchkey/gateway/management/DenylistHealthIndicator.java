package dev.latchkey.gateway.management;

import dev.latchkey.gateway.denylist.LocalDenylistReport;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Shows how old this node's view of the denylist is. A stale one is no failure by itself, for requests read Redis then;
 * it is unknown what they find, and the health of Redis says it.
 */
@Component
final class DenylistHealthIndicator implements HealthIndicator {

    private final LocalDenylistReport mirror;

    DenylistHealthIndicator(LocalDenylistReport mirror) {
        this.mirror = mirror;
    }

    @Override
    public Health health() {
        return (mirror.isFresh() ? Health.up() : Health.unknown())
                .withDetail("fresh", mirror.isFresh())
                .withDetail("ageMillis", mirror.age().toMillis())
                .withDetail("sessions", mirror.sessions())
                .withDetail("users", mirror.users())
                .withDetail("ended", mirror.ended())
                .withDetail("restoredShards", mirror.restoredShards())
                .withDetail("unreadable", mirror.unreadable())
                .build();
    }
}
