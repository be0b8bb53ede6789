package dev.latchkey.gateway.keys;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
    private KeyFolder.Content seen;
    private @Nullable String reported;

    private KeyFolderWatch(KeyFolder folder, Function<KeyFolder.Content, KeySets> parse) {
        this.folder = folder;
        this.parse = parse;
        this.seen = folder.read();
        this.ring = new KeyRing(parse.apply(seen));
        warnOfReaders();
    }

    /**
     * Reads the folder for the first time.
     *
     * @throws KeyFolderException where there is nothing to start with
     */
    static KeyFolderWatch open(Path directory, IdentityAlgorithm algorithm, KeyLives lives) {
        return new KeyFolderWatch(new KeyFolder(directory), content -> keySets(content, directory, algorithm, lives));
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
                log.info("keys folder: took up a change, {} key sets", now.size());
                warnOfReaders();
            }
            recovered();
        } catch (KeyFolderException wrong) {
            report(wrong.getMessage());
        }
    }

    private void report(@Nullable String sentence) {
        if (!Objects.equals(sentence, reported)) {
            log.error("{}; the keys read before stay in use", sentence);
            reported = sentence;
        }
    }

    private void recovered() {
        if (reported != null) {
            log.info("keys folder: readable again");
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
            KeyFolder.Content content, Path directory, IdentityAlgorithm algorithm, KeyLives lives) {
        List<KeySet> sets = content.parse();
        if (sets.isEmpty()) {
            throw new KeyFolderException(
                    "keys folder " + directory + " (latchkey.keys.directory) has no keys; java -jar gateway.jar keys "
                            + directory + " makes them");
        }
        if (sets.stream().noneMatch(set -> set.identity().key().algorithm() == algorithm)) {
            throw new KeyFolderException("keys folder " + directory + " has no identity key for " + algorithm
                    + " (latchkey.keys.identity-algorithm); java -jar gateway.jar keys " + directory + " --algorithm "
                    + algorithm + " makes one");
        }
        return KeySets.of(sets, algorithm, lives);
    }
}
