package dev.latchkey.gateway.routes.table;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.upstream.BreakerRule;
import dev.latchkey.gateway.routes.upstream.Circuit;
import dev.latchkey.gateway.routes.upstream.TargetsRule;

/**
 * The circuits of routes, so that one which is open stays so when the table is swapped for another route's sake. It
 * holds nothing by itself, as {@link TargetMemory}.
 */
final class CircuitMemory {

    private final Cache<Key, Circuit> known = Caffeine.newBuilder().weakValues().build();
    private final ProblemWriter problems;

    CircuitMemory(ProblemWriter problems) {
        this.problems = problems;
    }

    Circuit of(RouteEntry entry, BreakerRule rule) {
        return known.get(new Key(entry.id(), entry.to(), rule), it -> new Circuit(it.id(), it.rule(), problems));
    }

    private record Key(String id, TargetsRule to, BreakerRule rule) {}
}
