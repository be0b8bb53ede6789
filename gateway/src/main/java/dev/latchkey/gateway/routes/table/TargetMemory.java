package dev.latchkey.gateway.routes.table;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.upstream.Targets;
import dev.latchkey.gateway.routes.upstream.TargetsRule;

/**
 * What routes have learned of their backends, so that a route which stays as it was does not learn it anew when the
 * table is swapped. It holds nothing by itself: what no route uses any more is gone.
 */
final class TargetMemory {

    private final Cache<Key, Targets> known = Caffeine.newBuilder().weakValues().build();

    Targets of(RouteEntry entry) {
        return known.get(new Key(entry.id(), entry.to()), it -> new Targets(it.rule(), System::nanoTime));
    }

    private record Key(String id, TargetsRule rule) {}
}
