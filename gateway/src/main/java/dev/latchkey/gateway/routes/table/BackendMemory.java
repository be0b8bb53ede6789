package dev.latchkey.gateway.routes.table;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.upstream.BreakerRule;
import dev.latchkey.gateway.routes.upstream.Circuit;
import dev.latchkey.gateway.routes.upstream.Targets;
import dev.latchkey.gateway.routes.upstream.TargetsRule;

/**
 * What routes have learned of their backends, so that a route that stays as it was keeps its circuit and its ejected
 * backends when the table is swapped. Values that no route uses any more are collected.
 */
final class BackendMemory {

    private final Cache<TargetsKey, Targets> targets =
            Caffeine.newBuilder().weakValues().build();
    private final Cache<CircuitKey, Circuit> circuits =
            Caffeine.newBuilder().weakValues().build();
    private final ProblemWriter problems;

    BackendMemory(ProblemWriter problems) {
        this.problems = problems;
    }

    Targets targets(RouteEntry entry) {
        return targets.get(new TargetsKey(entry.id(), entry.to()), key -> new Targets(key.to(), System::nanoTime));
    }

    Circuit circuit(RouteEntry entry, BreakerRule rule) {
        return circuits.get(
                new CircuitKey(entry.id(), entry.to(), rule), key -> new Circuit(key.id(), key.rule(), problems));
    }

    private record TargetsKey(String id, TargetsRule to) {}

    private record CircuitKey(String id, TargetsRule to, BreakerRule rule) {}
}
