package dev.latchkey.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.history.Flight.Rider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The clients of a history: browsers and programs, several of them of one user. */
final class Troupe {

    private static final int KINDS = 3;

    private final Player player;
    private final List<Actor> actors = new ArrayList<>();

    Troupe(Player player, Temper temper, Promises promises, Duration access, long seed, int size) {
        this.player = player;
        Ghosts ghosts = new Ghosts(player, promises, access, new Chance(seed, size));
        player.watch(ghosts::witness);
        for (int i = 0; i < size; i++) {
            String user = Stage.USERS.get(i % Stage.USERS.size());
            Rider rider = new Rider("client " + i, user);
            actors.add(new Actor(player, temper, rider, wallet(i), new Chance(seed, i), ghosts));
        }
    }

    /** Two browsers to a program; every other program refreshes by itself only. */
    private static Wallet wallet(int client) {
        return client % KINDS < 2 ? new CookieJar() : new TokenHolder(client % (2 * KINDS) < KINDS);
    }

    /** All of them, and nothing else until they are. */
    void signIn(Duration limit) {
        repeat(limit, Actor::signIn, Actor::isSignedIn);
    }

    /** Until so much true time has passed, and all that was under way has come to its end. */
    void play(Duration life) {
        long end = Pace.trueTime() + life.toMillis();
        actors.forEach(it -> it.begin(actors));
        player.agenda().run(() -> Pace.trueTime() >= end);
        actors.forEach(Actor::stop);
        player.agenda().run(() -> false);
    }

    /** Once each who is signed in. */
    void refresh() {
        actors.stream().filter(Actor::isSignedIn).forEach(Actor::goOn);
    }

    /** All who are signed in go on, at once or, while Redis recovers, within this time. */
    void goOn(Duration limit) {
        repeat(limit, Actor::goOn, Actor::hasGoneOn);
    }

    private void repeat(Duration limit, Consumer<Actor> attempt, Predicate<Actor> done) {
        long end = Pace.trueTime() + limit.toMillis();
        do {
            actors.stream().filter(done.negate()).forEach(attempt);
            player.agenda().run(() -> false);
        } while (!actors.stream().allMatch(done) && Pace.trueTime() < end);
        assertThat(actors).allMatch(done);
    }
}
