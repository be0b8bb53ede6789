package dev.latchkey.gateway.management;

import dev.latchkey.gateway.redis.RedisServers;
import dev.latchkey.gateway.redis.ServerInfo;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What Redis reports about itself, for the management port. It is not part of readiness: a gateway without Redis still
 * serves public routes, and answers others with a reason.
 */
@Component
final class RedisHealthIndicator implements ReactiveHealthIndicator {

    private static final String UNKNOWN = "unknown";

    private final RedisServers servers;

    RedisHealthIndicator(RedisServers servers) {
        this.servers = servers;
    }

    /**
     * Asks now. DOWN if there is no answer within the time limit of a call, or if Redis rejects writes or cannot run
     * the scripts.
     */
    @Override
    public Mono<Health> health() {
        return servers.look().map(this::health).onErrorResume(failure -> Mono.just(down()));
    }

    private Health down() {
        return Health.down().withDetail("kind", servers.kind()).build();
    }

    private Health health(Map<String, ServerInfo> answers) {
        Collection<ServerInfo> masters = answers.values();
        Optional<String> refusal = servers.refusesWrites();
        Optional<String> unfit = masters.stream()
                .flatMap(master -> master.capability().unfit().stream())
                .findFirst();
        Health.Builder health = refusal.isPresent() || unfit.isPresent() ? Health.down() : Health.up();
        unfit.ifPresent(sentence -> health.withDetail("reason", sentence));
        refusal.ifPresent(code -> health.withDetail("writesRefused", code));
        health.withDetail("kind", servers.kind())
                .withDetail("masters", masters.size())
                .withDetail("replicas", fewestReplicas(masters))
                .withDetail("lastWriteConfirmed", lastConfirmed())
                .withDetail("maxmemoryPolicy", policies(masters));
        if (masters.stream().anyMatch(ServerInfo::mayEvict)) {
            health.withDetail(
                    "warning", "Redis may drop sessions and what is revoked: set maxmemory-policy noeviction");
        }
        return health.build();
    }

    private static Object fewestReplicas(Collection<ServerInfo> masters) {
        return masters.stream().allMatch(master -> master.replicas().isPresent())
                ? masters.stream()
                        .mapToInt(master -> master.replicas().orElse(0))
                        .min()
                        .orElse(0)
                : UNKNOWN;
    }

    private Object lastConfirmed() {
        return servers.lastConfirmed().<Object>map(confirmed -> confirmed).orElse("none waited");
    }

    private static String policies(Collection<ServerInfo> masters) {
        return masters.stream()
                .map(master -> master.evictionPolicy().orElse(UNKNOWN))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
