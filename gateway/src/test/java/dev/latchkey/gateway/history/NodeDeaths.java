package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Nemesis.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Kills a node after some requests and revives it at once, the other ones serving meanwhile. */
final class NodeDeaths {

    private final Driver player;
    private final SeededRandom chance;
    private final List<Nemesis> deaths = new ArrayList<>();
    private CompletableFuture<Void> reviving = CompletableFuture.completedFuture(null);
    private final int least;
    private final int more;
    private int next;

    /** Lets so many requests pass between two deaths, and less than so many more. */
    NodeDeaths(Driver player, SeededRandom chance, int least, int more) {
        this.player = player;
        this.chance = chance;
        this.least = least;
        this.more = more;
        this.next = least;
        player.watch(exchange -> look());
    }

    private void look() {
        if (player.composed() >= next && reviving.isDone()) {
            next = player.composed() + least + chance.below(more);
            long begins = TimeScale.trueTime();
            int node = chance.below(player.stage().size());
            player.stage().kill(node);
            deaths.add(new Nemesis(Kind.NODE_DOWN, begins, TimeScale.trueTime()));
            reviving = player.stage().revive(node);
        }
    }

    /** All of them; waits for the last one to be over. */
    List<Nemesis> all() {
        reviving.join();
        return deaths;
    }
}
