package dev.latchkey.gateway.differential;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What happens to both sides between two conversations, and is true of both when the next begins. */
final class Weather {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Until a pause ends that the seed has begun. */
    private static final int PAUSED_FOR = 3;

    private final List<Side> sides;
    private final TestClock clock;
    private final Path keys;
    private boolean isRootAdmin = true;
    private boolean areRoutesOther;
    private int paused;

    Weather(List<Side> sides, TestClock clock, Path keys) {
        this.sides = sides;
        this.clock = clock;
        this.keys = keys;
    }

    /** Everybody signed in, and everything as at the start. */
    void clearUp() {
        resume();
        clock.advance(Duration.ofMinutes(1));
        if (!isRootAdmin) {
            changeRoles();
        }
        if (areRoutesOther) {
            changeRoutes();
        }
        Side.USERS.forEach(this::signIn);
    }

    private void signIn(String user) {
        sides.forEach(side -> side.signIn(user));
    }

    /** One change, by chance; most often none. Says what it was. */
    String next(Choice choice) {
        if (paused > 0) {
            paused--;
            if (paused == 0) {
                resume();
                return "Redis goes on";
            }
            return "";
        }
        String user = choice.of(Side.USERS);
        return switch (choice.below(120)) {
            case 0, 1, 2, 3, 4 -> said("access tokens expire", () -> clock.advance(World.ACCESS.plusSeconds(1)));
            case 5, 6, 7 -> said("the grace ends", () -> clock.advance(World.GRACE.plusSeconds(1)));
            case 8, 9 -> said(user + " signs out", () -> sides.forEach(side -> side.signOut(user, false)));
            case 10 -> said(user + " signs out everywhere", () -> sides.forEach(side -> side.signOut(user, true)));
            case 11, 12, 13, 14, 15 -> said(user + " signs in", () -> signIn(user));
            case 16 -> said("root's roles change", this::changeRoles);
            case 17 -> said("the routes change", this::changeRoutes);
            case 18 -> choice.oneIn(3) ? said("the keys are changed", this::changeKeys) : "";
            case 19 -> choice.oneIn(3) ? said("Redis stands still, and the denylist is stale", this::pause) : "";
            default -> "";
        };
    }

    private static String said(String what, Runnable change) {
        change.run();
        return what;
    }

    private void changeRoles() {
        signIn("root");
        isRootAdmin = !isRootAdmin;
        sides.forEach(side -> side.changeRoles(isRootAdmin));
    }

    private void changeRoutes() {
        areRoutesOther = !areRoutesOther;
        String from = "id: api, match: { path: /api/** }, to: \"http://";
        sides.forEach(side -> side.changeRoutes(from, areRoutesOther ? from.replace("/api/**", "/api/x") : from));
    }

    /** A new set is made, signs, and is alone: what the old one signed is good no more. */
    private void changeKeys() {
        try (Stream<Path> files = Files.list(keys)) {
            List<Path> old = files.toList();
            KeyDirectory.create(keys, IdentityAlgorithm.RS256, clock);
            awaitKeys(2);
            clock.advance(KeyDirectory.ACTIVATION_DELAY.plusSeconds(1));
            for (Path file : old) {
                Files.delete(file);
            }
            awaitKeys(1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void awaitKeys(int count) {
        await().atMost(LIMIT).until(() -> sides.stream().allMatch(side -> side.keys() == count));
    }

    private void pause() {
        paused = PAUSED_FOR;
        sides.forEach(side -> side.redis().pause());
        sides.forEach(side -> side.awaitFresh(false));
    }

    private void resume() {
        paused = 0;
        sides.forEach(side -> side.redis().resume());
        sides.forEach(side -> side.awaitFresh(true));
    }

    boolean isPaused() {
        return paused > 0;
    }
}
