package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.nio.file.Path;
import java.util.List;

/** A folder of keys, read without a gateway. */
public final class KeysOfFolder {

    private KeysOfFolder() {}

    /**
     * Whether a gateway that signs identity tokens with this algorithm would take the folder; warns of files that every
     * user of the machine can read. Blocks.
     */
    public static FileReport check(Path directory, IdentityAlgorithm algorithm) {
        KeyFolder folder = new KeyFolder(directory);
        try {
            List<KeySet> sets = KeyFolderWatch.usable(folder.read(), directory, algorithm);
            List<Fault> open = folder.readableByAll().stream()
                    .map(it -> new Fault(Position.start(it), "every user of this machine can read it"))
                    .toList();
            return new FileReport(sets.size(), List.of(), open);
        } catch (KeyFolderException wrong) {
            return FileReport.refused(List.of(wrong.fault()));
        }
    }
}
