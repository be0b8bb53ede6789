package dev.latchkey.gateway.routes;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.springframework.cloud.gateway.route.Route;

/** One routes file after another, each with the routes that stay, in another order, and with some that come and go. */
final class Reloads {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final LiveRoutes live;
    private final List<WeakReference<?>> old = new ArrayList<>();
    private final Random random = new Random(7);
    private int time;

    /** @param folder where {@code routes.yml} is */
    Reloads(Path folder, LiveRoutes live) {
        this.folder = folder;
        this.live = live;
    }

    /** The ids of the next file. */
    List<String> ids(List<String> staying) {
        List<String> ids = new ArrayList<>(staying);
        ids.add("turn-" + time);
        IntStream.range(0, RoutesLoad.COMING)
                .filter(unused -> random.nextBoolean())
                .forEach(number -> ids.add("v" + number));
        Collections.shuffle(ids, random);
        return ids;
    }

    /** Writes the file, in one step or over the one that is there, as editors differ, and waits for its table. */
    void reload(String routes) {
        RouteTable before = live.table();
        old.add(new WeakReference<>(before));
        old.add(new WeakReference<Route>(before.routes().get(0).forChain()));
        replace(routes, time++ % 2 == 0);
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !live.table().version().equals(before.version()));
    }

    private void replace(String routes, boolean inOneStep) {
        Path file = folder.resolve("routes.yml");
        try {
            if (inOneStep) {
                Path next = Files.writeString(folder.resolve("routes.yml.new"), routes);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.writeString(file, routes);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How much of what was replaced is still there. */
    long retained() {
        System.gc();
        return old.stream().map(WeakReference::get).filter(Objects::nonNull).count();
    }
}
