package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.PasswordHash;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Compares passwords with the hashes of a store. A name that the store does not know is checked with a hash that no
 * password matches, of the cost that took the longest until now: so its answer comes no sooner than another.
 */
public final class HashChecks {

    /** A store has a handful; who writes more of them into it can have the answers of unknown names come sooner. */
    private static final int MOST_COSTS = 16;

    private final PasswordChecks checks;
    private final Map<String, Long> shortest = new ConcurrentHashMap<>();
    private volatile PasswordHash dummy = PasswordHash.dummy(PasswordHash.USUAL_COST);

    HashChecks(PasswordChecks checks) {
        this.checks = checks;
    }

    /**
     * Whether the password matches; takes as long either way.
     *
     * @param hash empty for an unknown name, or a user whom no password lets in
     * @return fails if too many passwords are being checked, or if it takes too long
     */
    public Mono<Boolean> matches(Optional<PasswordHash> hash, Password password) {
        return hash.map(known -> checks.timed(password, known).map(check -> {
                    learn(known.cost(), check.nanos());
                    return check.matches();
                }))
                .orElseGet(() -> checks.matches(password, dummy).map(matches -> false));
    }

    /** The shortest time of each cost counts, which a busy machine does not change. */
    private void learn(String cost, long nanos) {
        if (shortest.size() < MOST_COSTS || shortest.containsKey(cost)) {
            shortest.merge(cost, nanos, Math::min);
        }
        String costliest = shortest.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(cost);
        if (!dummy.cost().equals(costliest)) {
            dummy = PasswordHash.dummy(costliest);
        }
    }
}
