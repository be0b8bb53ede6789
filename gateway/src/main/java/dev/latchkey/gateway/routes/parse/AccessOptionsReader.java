package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.pipeline.authorization.AccessOptions;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.yaml.FieldReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads how a route's rule is carried out. */
final class AccessOptionsReader {

    static final Set<String> KEYS = Set.of("strict", "relay", "unauthenticated", "ambiguous-paths");

    private static final Map<String, Relay> RELAY =
            Map.of("identity", Relay.IDENTITY, "headers", Relay.HEADERS, "none", Relay.NONE);
    private static final Map<String, Unauthenticated> UNAUTHENTICATED =
            Map.of("sign-in", Unauthenticated.SIGN_IN, "401", Unauthenticated.PROBLEM);
    private static final Map<String, Boolean> SUSPICIOUS = Map.of("allow", true, "refuse", false);

    private AccessOptionsReader() {}

    static AccessOptions read(FieldReader entry) {
        AccessOptions usual = AccessOptions.USUAL;
        return new AccessOptions(
                entry.find("strict").flatMap(it -> entry.flag("strict", it)).orElse(usual.strict()),
                one(entry, "relay", RELAY).orElse(usual.relay()),
                one(entry, "unauthenticated", UNAUTHENTICATED).orElse(usual.unauthenticated()),
                one(entry, "ambiguous-paths", SUSPICIOUS).orElse(usual.ambiguousPaths()));
    }

    private static <T> Optional<T> one(FieldReader entry, String name, Map<String, T> known) {
        return entry.find(name).flatMap(it -> Choices.wordOf(entry, name, it, known));
    }
}
