package dev.latchkey.gateway.redis;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once, and again when it changes, that Redis may drop sessions or entries of the denylist when memory is short.
 */
final class EvictionWarning {

    private static final Logger LOGGER = LoggerFactory.getLogger(EvictionWarning.class);
    private static final String UNKNOWN = "";

    private Set<String> told = Set.of();

    /** Takes note of what all masters said. */
    synchronized void note(Collection<ServerInfo> masters) {
        Set<String> found = masters.stream()
                .filter(it -> it.mayEvict() || it.evictionPolicy().isEmpty())
                .map(it -> it.evictionPolicy().orElse(UNKNOWN))
                .collect(Collectors.toSet());
        if (!found.equals(told)) {
            told = found;
            found.forEach(EvictionWarning::tell);
        }
    }

    private static void tell(String policy) {
        if (policy.equals(UNKNOWN)) {
            LOGGER.warn("Redis does not say its maxmemory-policy (may this user run INFO?): it must be noeviction,"
                    + " and whether there are replicas to wait for is unknown, too");
        } else {
            LOGGER.warn(
                    "Redis has the maxmemory-policy {}: it may drop sessions and what is revoked, set noeviction",
                    policy);
        }
    }
}
