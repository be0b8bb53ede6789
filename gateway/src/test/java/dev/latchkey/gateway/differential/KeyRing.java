package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.testing.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The folder of keys that both sides have in common, and the clock by which they begin to sign. */
final class KeyRing {

    private static final long SECONDS = 120;

    private final Path folder;
    private final TestClock clock;
    private final CyclicBarrier added = new CyclicBarrier(2, this::add);
    private final CyclicBarrier retired = new CyclicBarrier(2, this::retire);
    private IdentityAlgorithm algorithm;
    private List<Path> old = List.of();

    KeyRing(Path folder, TestClock clock, IdentityAlgorithm algorithm) {
        this.folder = folder;
        this.clock = clock;
        this.algorithm = algorithm;
        add();
    }

    Path folder() {
        return folder;
    }

    IdentityAlgorithm algorithm() {
        return algorithm;
    }

    /** The next set is for this one. */
    void use(IdentityAlgorithm next) {
        algorithm = next;
    }

    /**
     * A new set is made, signs, and is alone: what the old one signed is good no more. Each side calls this, at once,
     * and comes back when it has seen all of it.
     */
    void change(Side side) {
        await(added);
        side.awaitKeys(2);
        await(retired);
        side.awaitKeys(1);
    }

    private static void await(CyclicBarrier both) {
        try {
            both.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
            throw new AssertionError("the other side did not come", alone);
        }
    }

    private void add() {
        try (Stream<Path> files = Files.list(folder)) {
            old = files.toList();
            KeyDirectory.create(folder, algorithm, clock);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void retire() {
        clock.advance(KeyDirectory.ACTIVATION_DELAY.plusSeconds(1));
        try {
            for (Path file : old) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
