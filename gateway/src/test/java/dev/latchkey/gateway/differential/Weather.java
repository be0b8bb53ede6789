package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens to both sides between two conversations, and is true of both when the next begins. */
final class Weather {

    /** Until a pause ends that the seed has begun. */
    private static final int PAUSED_FOR = 3;

    private final List<Side> sides;
    private final TestClock clock;
    private final KeyRing keys;
    private boolean hasNewKeys;
    private int paused;

    Weather(List<Side> sides, TestClock clock, KeyRing keys) {
        this.sides = sides;
        this.clock = clock;
        this.keys = keys;
    }

    /** Everybody signed in, by keys of this kind, and everything as at the start. */
    void clearUp(IdentityAlgorithm algorithm) {
        resume();
        clock.advance(Duration.ofMinutes(1));
        if (keys.algorithm() != algorithm) {
            keys.use(algorithm);
            changeKeys();
        }
        both(side -> side.changeRoles(true));
        both(Side::renewRoutes);
        signIn();
    }

    /** What some do to both sides at once. */
    private void both(Consumer<Side> change) {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> change.accept(sides.get(1)));
        change.accept(sides.get(0));
        other.join();
    }

    private void signIn() {
        hasNewKeys = false;
        Side.USERS.forEach(this::signIn);
    }

    private void signIn(String user) {
        both(side -> side.signIn(user));
    }

    /**
     * What is planned or, by chance, another change; most often none. Says what it was.
     *
     * @param planned null if there is nothing
     */
    String next(@Nullable Happening planned, Choice choice) {
        if (planned != null && !planned.isWithin()) {
            happen(planned, choice);
            return planned.toString();
        }
        if (planned == Happening.RELAYED || planned == Happening.LAPSED) {
            return said(CompanyProvider.USER + " signs in", () -> prepare(planned));
        }
        if (paused > 0) {
            paused--;
            if (paused == 0) {
                resume();
                return "Redis goes on";
            }
            return "";
        }
        if (hasNewKeys) {
            return said("all sign in", this::signIn);
        }
        String user = choice.of(Side.USERS);
        return switch (choice.below(120)) {
            case 0, 1, 2, 3, 4 -> said("access tokens expire", () -> clock.advance(World.ACCESS.plusSeconds(1)));
            case 5, 6, 7 -> said("the grace ends", () -> clock.advance(World.GRACE.plusSeconds(1)));
            case 8, 9 -> said(user + " signs out", () -> both(side -> side.signOut(user, false)));
            case 10, 11, 12, 13, 14, 15, 16, 17 -> said(user + " signs in", () -> signIn(user));
            default -> "";
        };
    }

    private static String said(String what, Runnable change) {
        change.run();
        return what;
    }

    private void happen(Happening planned, Choice choice) {
        String user = choice.of(Side.USERS);
        switch (planned) {
            case ROLES -> both(side -> side.changeRoles(!side.isRootAdmin()));
            case ROUTES -> both(Side::changeRoutes);
            case KEYS -> changeKeys();
            case STALE -> pause();
            case EVERYWHERE -> both(side -> side.signOut(user, true));
            default -> throw new AssertionError(planned);
        }
    }

    private void prepare(Happening planned) {
        signIn(CompanyProvider.USER);
        if (planned == Happening.LAPSED) {
            clock.advance(CompanyProvider.LIFE.plusSeconds(1));
        }
    }

    private void changeKeys() {
        both(Side::changeKeys);
        hasNewKeys = true;
    }

    private void pause() {
        paused = PAUSED_FOR;
        sides.forEach(side -> side.redis().pause());
        both(side -> side.awaitFresh(false));
    }

    private void resume() {
        paused = 0;
        sides.forEach(side -> side.redis().resume());
        both(side -> side.awaitFresh(true));
    }

    boolean isPaused() {
        return paused > 0;
    }
}
