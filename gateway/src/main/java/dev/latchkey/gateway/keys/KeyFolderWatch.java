package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up changes of the keys folder: all of it, or, where anything is wrong with it, nothing, so that the last good
 * keys stay. Not thread-safe; blocks.
 */
final class KeyFolderWatch {

    private static final Logger log = LoggerFactory.getLogger(KeyFolderWatch.class);

    private final KeyFolder folder;
    private final Function<KeyFolder.Content, KeySets> parse;
    private final KeyRing ring;
    private final ReloadStatus status;
    private KeyFolder.Content seen;
    private @Nullable Fault reported;

    private KeyFolderWatch(KeyFolder folder, Function<KeyFolder.Content, KeySets> parse, ReloadStatus status) {
        this.folder = folder;
        this.parse = parse;
        this.status = status;
        this.seen = folder.read();
        this.ring = new KeyRing(parse.apply(seen));
        status.loaded(seen.size());
        warnOfReaders();
    }

    /**
     * Reads the folder for the first time.
     *
     * @throws KeyFolderException where there is nothing to start with
     */
    static KeyFolderWatch open(Path directory, IdentityAlgorithm algorithm, KeyLifetimes lives, ReloadStatus status) {
        KeyFolder folder = new KeyFolder(directory);
        return new KeyFolderWatch(folder, content -> keySets(content, directory, algorithm, lives), status);
    }

    KeyRing ring() {
        return ring;
    }

    /** Looks again; a folder that is wrong is reported once, not at each look. */
    void poll() {
        try {
            KeyFolder.Content now = folder.read();
            if (!now.isSameAs(seen)) {
                ring.swap(parse.apply(now));
                seen = now;
                status.loaded(now.size());
                log.info("keys folder: took up a change, {} key sets", now.size());
                warnOfReaders();
            }
            recovered();
        } catch (KeyFolderException wrong) {
            report(wrong.fault());
        }
    }

    private void report(Fault fault) {
        if (!fault.equals(reported)) {
            status.refused(List.of(fault));
            log.error("keys {}; the keys read before stay in use", fault);
            reported = fault;
        }
    }

    private void recovered() {
        if (reported != null) {
            log.info("keys folder: readable again");
            status.corrected();
            reported = null;
        }
    }

    private void warnOfReaders() {
        List<String> open = folder.readableByAll();
        if (!open.isEmpty()) {
            log.warn("keys folder: every user of this machine can read {}", open);
        }
    }

    private static KeySets keySets(
            KeyFolder.Content content, Path directory, IdentityAlgorithm algorithm, KeyLifetimes lives) {
        return KeySets.of(usable(content, directory, algorithm), algorithm, lives);
    }

    /**
     * What the folder holds, if a gateway can start with it.
     *
     * @throws KeyFolderException where it cannot
     */
    static List<KeySet> usable(KeyFolder.Content content, Path directory, IdentityAlgorithm algorithm) {
        Position place = Position.start(directory.toString());
        List<KeySet> sets = content.parse();
        if (sets.isEmpty()) {
            throw new KeyFolderException(
                    place,
                    "the folder (latchkey.keys.directory) has no keys; java -jar gateway.jar keys " + directory
                            + " makes them");
        }
        if (sets.stream().noneMatch(set -> set.identity().key().algorithm() == algorithm)) {
            throw new KeyFolderException(
                    place,
                    "the folder has no identity key for " + algorithm
                            + " (latchkey.keys.identity-algorithm); java -jar gateway.jar keys " + directory
                            + " --algorithm " + algorithm + " makes one");
        }
        return sets;
    }
}
