package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Flight.Rider;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Copies of what clients have sent. Once a session must have been ended everywhere, its copy is presented at each node,
 * while its access token would still be good: nobody may let it in.
 */
final class OrphanedRequests {

    private final Driver driver;
    private final Invariants invariants;
    private final Duration access;
    private final SeededRandom random;
    private final Map<String, Orphan> orphans = new HashMap<>();
    private final Set<String> raised = new HashSet<>();

    OrphanedRequests(Driver driver, Invariants invariants, Duration access, SeededRandom random) {
        this.driver = driver;
        this.invariants = invariants;
        this.access = access;
        this.random = random;
    }

    /** A client's tokens, as they were when it was let in. */
    void remember(Rider rider, TokenStore tokens, String session) {
        orphans.put(session, new Orphan(rider, tokens.copy()));
    }

    void witness(Exchange exchange) {
        if (exchange.operation().ends() && exchange.accepted()) {
            orphans.keySet().stream()
                    .filter(orphan -> driver.endings().isEnded(orphan, TimeScale.trueTime()))
                    .filter(raised::add)
                    .toList()
                    .forEach(this::raise);
        }
    }

    private void raise(String session) {
        Orphan orphan = orphans.remove(session);
        Schedule schedule = driver.schedule();
        long time = schedule.now() + random.between(1, access.toMillis() / 2);
        long notBefore = TimeScale.trueTime() + invariants.propagation().toMillis() + 1;
        for (int node = 0; node < driver.cluster().size(); node++) {
            Intent intent = Intent.prompt(random.oneIn(4) ? Operation.REFRESH : Operation.GET, "", node);
            schedule.at(time, notBefore, () -> driver.send(orphan.rider(), orphan.tokens(), intent, landing -> {}));
        }
    }

    private record Orphan(Rider of, TokenStore tokens) {

        Rider rider() {
            return new Rider("orphan of " + of.client(), of.user());
        }
    }
}
