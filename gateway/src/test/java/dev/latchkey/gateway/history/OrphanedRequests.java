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

    private final Driver player;
    private final Invariants promises;
    private final Duration access;
    private final SeededRandom chance;
    private final Map<String, Ghost> ghosts = new HashMap<>();
    private final Set<String> raised = new HashSet<>();

    OrphanedRequests(Driver player, Invariants promises, Duration access, SeededRandom chance) {
        this.player = player;
        this.promises = promises;
        this.access = access;
        this.chance = chance;
    }

    /** A client's wallet, as it was when it was let in. */
    void remember(Rider rider, TokenStore wallet, String session) {
        ghosts.put(session, new Ghost(rider, wallet.copy()));
    }

    void witness(Exchange exchange) {
        if (exchange.act().ends() && exchange.accepted()) {
            ghosts.keySet().stream()
                    .filter(it -> player.endings().isEnded(it, TimeScale.trueTime()))
                    .filter(raised::add)
                    .toList()
                    .forEach(this::raise);
        }
    }

    private void raise(String session) {
        Ghost ghost = ghosts.remove(session);
        Schedule agenda = player.agenda();
        long time = agenda.now() + chance.between(1, access.toMillis() / 2);
        long notBefore = TimeScale.trueTime() + promises.propagation().toMillis() + 1;
        for (int node = 0; node < player.stage().size(); node++) {
            Intent intent = Intent.prompt(chance.oneIn(4) ? Operation.REFRESH : Operation.GET, "", node);
            agenda.at(time, notBefore, () -> player.send(ghost.rider(), ghost.wallet(), intent, landing -> {}));
        }
    }

    private record Ghost(Rider of, TokenStore wallet) {

        Rider rider() {
            return new Rider("ghost of " + of.client(), of.user());
        }
    }
}
