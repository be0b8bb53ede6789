package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Nemesis.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Kills a node after some requests and revives it at once, the other ones serving meanwhile. */
final class NodeDeaths {

    private final Driver driver;
    private final SeededRandom random;
    private final List<Nemesis> deaths = new ArrayList<>();
    private CompletableFuture<Void> reviving = CompletableFuture.completedFuture(null);
    private final int least;
    private final int more;
    private int next;

    /** Lets at least {@code least} requests pass between two deaths, and fewer than {@code more} on top. */
    NodeDeaths(Driver driver, SeededRandom random, int least, int more) {
        this.driver = driver;
        this.random = random;
        this.least = least;
        this.more = more;
        this.next = least;
        driver.watch(exchange -> look());
    }

    private void look() {
        if (driver.composed() >= next && reviving.isDone()) {
            next = driver.composed() + least + random.below(more);
            long begins = TimeScale.trueTime();
            int node = random.below(driver.cluster().size());
            driver.cluster().kill(node);
            deaths.add(new Nemesis(Kind.NODE_DOWN, begins, TimeScale.trueTime()));
            reviving = driver.cluster().revive(node);
        }
    }

    /** All of them; waits for the last one to be over. */
    List<Nemesis> all() {
        reviving.join();
        return deaths;
    }
}
