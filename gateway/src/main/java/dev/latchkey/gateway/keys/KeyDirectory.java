package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.DurableFile;
import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Makes key sets in a folder; the same code serves the command line, the demo and tests. All of it blocks. */
public final class KeyDirectory {

    /** How long a further set waits before it signs: longer than a JWK set may be cached. */
    public static final Duration ACTIVATION_DELAY = Duration.ofMinutes(10);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private KeyDirectory() {}

    /**
     * Adds a set: the first of a folder signs at once, a further one after {@link #ACTIVATION_DELAY}.
     *
     * @throws dev.latchkey.gateway.startup.StartupException if the folder cannot be read or written, holds a file that
     *     is not a key set, or has as many of them as a gateway reads
     */
    public static GeneratedKeys create(Path directory, IdentityAlgorithm algorithm, InstantSource clock) {
        return create(directory, Optional.of(algorithm), clock, Optional.empty());
    }

    /**
     * Adds a set that signs from a given time on; fails as the other method does.
     *
     * @param algorithm empty for that of the newest set, or {@link IdentityAlgorithm#DEFAULT} in a new folder: backends
     *     that allow one algorithm must not meet another because keys are rolled over
     * @param activateAt empty for the times of the other method
     */
    public static GeneratedKeys create(
            Path directory, Optional<IdentityAlgorithm> algorithm, InstantSource clock, Optional<Instant> activateAt) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            DurableFile.createFolder(directory);
            List<KeySet> known = KeyFolder.sets(directory);
            refuseOneTooMany(directory, known.size());
            boolean isFirst = known.isEmpty();
            Instant usual = isFirst ? now : now.plus(ACTIVATION_DELAY);
            KeySet set = KeySet.make(algorithm.orElseGet(() -> newest(known)), now, activateAt.orElse(usual));
            String name = "keys-" + STAMP.format(now) + "-" + set.access().id() + ".json";
            DurableFile.write(directory, name, KeySetFile.write(set));
            return new GeneratedKeys(
                    directory.resolve(name), set.ids(), set.access().activateAt(), isFirst);
        } catch (IOException failed) {
            throw KeyFolder.wrong(
                    Position.start(directory.toString()),
                    "the folder cannot be written (" + failed.getClass().getSimpleName() + ")");
        }
    }

    /** No gateway would read the folder, or start with it. */
    private static void refuseOneTooMany(Path directory, int known) {
        if (known >= KeyFolder.MOST_FILES) {
            throw KeyFolder.wrong(
                    Position.start(directory.toString()),
                    "the folder has " + known
                            + " key sets, and a gateway reads no more; delete those that have retired");
        }
    }

    private static IdentityAlgorithm newest(List<KeySet> sets) {
        return sets.stream()
                .map(KeySet::identity)
                .max(Comparator.comparing(TimedKey::activateAt))
                .map(key -> key.key().algorithm())
                .orElse(IdentityAlgorithm.DEFAULT);
    }

    /**
     * A new set, without any secret.
     *
     * @param ids the key ids: access, refresh, identity
     * @param activateAt from when on they sign
     * @param isFirst whether the folder held no keys before
     */
    public record GeneratedKeys(Path file, List<String> ids, Instant activateAt, boolean isFirst) {

        public GeneratedKeys {
            ids = List.copyOf(ids);
        }
    }
}
