package dev.latchkey.gateway.yaml;

import java.util.Map;
import java.util.Optional;

/** Keys that were called otherwise before, so that an old file is refused with the name to write. */
final class RenamedKeys {

    private static final Map<String, String> NAMES = Map.of(
            "suspicious-paths", "ambiguous-paths",
            "failures", "consecutive-failures",
            "out-for", "ejection-time",
            "trial-calls", "half-open-calls",
            "when-redis-is-away", "on-redis-outage");

    private RenamedKeys() {}

    static Optional<String> newName(String old) {
        return Optional.ofNullable(NAMES.get(old));
    }
}
