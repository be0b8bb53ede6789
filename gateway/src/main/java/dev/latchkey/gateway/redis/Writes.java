package dev.latchkey.gateway.redis;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which masters refuse writes: a server that is out of memory, lost its disk or is no master any more answers questions
 * all the same. Each heartbeat tells.
 */
final class Writes {

    /** The code by which a master, by its name, refused the last one; as many as there are masters. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    void taken(String master) {
        refusals.remove(master);
    }

    /** Only an answer counts; that none came says nothing of what would have been answered. */
    void failed(String master, Throwable failure) {
        RedisError.codeOf(failure).ifPresent(code -> refusals.put(master, code));
    }

    /** These are the masters there are; what others said is forgotten. */
    void keep(Collection<String> masters) {
        refusals.keySet().retainAll(masters);
    }

    /** The code by which a master refuses them, as {@code READONLY}; empty where none does. */
    Optional<String> refusal() {
        return refusals.values().stream().findFirst();
    }
}
