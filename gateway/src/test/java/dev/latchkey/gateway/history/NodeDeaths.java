package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Disturbance.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Kills a node after some hundred requests and revives it at once, the other ones serving meanwhile. */
final class NodeDeaths {

    private static final int LEAST = 300;
    private static final int MORE = 1200;

    private final Player player;
    private final Chance chance;
    private final List<Disturbance> deaths = new ArrayList<>();
    private CompletableFuture<Void> reviving = CompletableFuture.completedFuture(null);
    private int next;

    NodeDeaths(Player player, Chance chance) {
        this.player = player;
        this.chance = chance;
        this.next = LEAST;
        player.watch(exchange -> look());
    }

    private void look() {
        if (player.composed() >= next && reviving.isDone()) {
            next = player.composed() + LEAST + chance.below(MORE);
            long begins = Pace.trueTime();
            int node = chance.below(player.stage().size());
            player.stage().kill(node);
            deaths.add(new Disturbance(Kind.NODE_DOWN, begins, Pace.trueTime()));
            reviving = player.stage().revive(node);
        }
    }

    /** All of them; waits for the last one to be over. */
    List<Disturbance> all() {
        reviving.join();
        return deaths;
    }
}
