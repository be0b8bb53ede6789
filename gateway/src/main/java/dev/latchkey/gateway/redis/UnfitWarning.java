package dev.latchkey.gateway.redis;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once, and again when it changes, that the gateway cannot work with this Redis. */
final class UnfitWarning {

    private static final Logger LOGGER = LoggerFactory.getLogger(UnfitWarning.class);

    private Set<String> told = Set.of();

    /** Takes note of what all masters said. */
    synchronized void note(Collection<ServerInfo> masters) {
        Set<String> found = masters.stream().flatMap(it -> it.unfit().stream()).collect(Collectors.toSet());
        if (!found.equals(told)) {
            told = found;
            found.forEach(LOGGER::warn);
        }
    }
}
