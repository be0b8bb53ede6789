package dev.latchkey.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.history.Flight.Rider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The clients of a history: browsers and programs, several of them of one user. */
final class Workload {

    private static final int KINDS = 3;

    private final Driver driver;
    private final List<Client> clients = new ArrayList<>();

    Workload(Driver driver, ClientProfile profile, Invariants invariants, Duration access, long seed, int size) {
        this.driver = driver;
        OrphanedRequests orphans = new OrphanedRequests(driver, invariants, access, new SeededRandom(seed, size));
        driver.watch(orphans::witness);
        for (int i = 0; i < size; i++) {
            String user = Cluster.USERS.get(i % Cluster.USERS.size());
            Rider rider = new Rider("client " + i, user);
            clients.add(new Client(driver, profile, rider, tokens(i), new SeededRandom(seed, i), orphans));
        }
    }

    /** Two browsers to a program; every other program refreshes by itself only. */
    private static TokenStore tokens(int client) {
        return client % KINDS < 2 ? new BrowserTokens() : new TokenHolder(client % (2 * KINDS) < KINDS);
    }

    /** All of them, and nothing else until they are. */
    void signIn(Duration limit) {
        repeat(limit, Client::signIn, Client::isSignedIn);
    }

    /** Until so much true time has passed, and all that was under way has come to its end. */
    void play(Duration life) {
        long end = TimeScale.trueTime() + life.toMillis();
        clients.forEach(client -> client.begin(clients));
        driver.schedule().run(() -> TimeScale.trueTime() >= end);
        clients.forEach(Client::stop);
        driver.schedule().run(() -> false);
    }

    /** Once each who is signed in. */
    void refresh() {
        clients.stream().filter(Client::isSignedIn).forEach(Client::goOn);
    }

    /** All who are signed in go on, at once or, while Redis recovers, within this time. */
    void goOn(Duration limit) {
        repeat(limit, Client::goOn, Client::hasGoneOn);
    }

    private void repeat(Duration limit, Consumer<Client> attempt, Predicate<Client> done) {
        long end = TimeScale.trueTime() + limit.toMillis();
        do {
            clients.stream().filter(done.negate()).forEach(attempt);
            driver.schedule().run(() -> false);
        } while (!clients.stream().allMatch(done) && TimeScale.trueTime() < end);
        assertThat(clients).allMatch(done);
    }
}
