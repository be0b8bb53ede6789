package dev.latchkey.gateway.keys;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What one run of the command made, without any secret.
 *
 * @param file the new file
 * @param ids the key ids: access, refresh, identity
 * @param activateAt from when on they sign
 * @param first whether the folder held no keys before
 */
public record GeneratedKeys(Path file, List<String> ids, Instant activateAt, boolean first) {

    public GeneratedKeys {
        ids = List.copyOf(ids);
    }
}
