package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.PasswordHash;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * Compares passwords with the hashes of a store. A name that the store does not know is checked with a hash that no
 * password matches, of the cost that took the longest until now: so its answer comes no sooner than another. The costs
 * are those of the hashes that the store has told of any user, whether or not they have signed in.
 */
public final class HashChecks {

    /** A store has a handful; who writes more of them into it can have the answers of unknown names come sooner. */
    private static final int MOST_COSTS = 16;

    private static final Password TRIAL = new Password("any");

    private final PasswordChecks checks;
    private final Map<String, Long> shortest = new ConcurrentHashMap<>();
    private final Set<String> tried = ConcurrentHashMap.newKeySet();
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

    /** Learns how long a check of this cost takes, in the background and once: by a hash that no password matches. */
    void seen(PasswordHash hash) {
        String cost = hash.cost();
        if (tried.contains(cost) || tried.size() >= MOST_COSTS || !tried.add(cost)) {
            return;
        }
        // Nobody waits for it. If too many passwords are being checked, the next user of this cost is the next try.
        var unused = checks.timed(TRIAL, PasswordHash.dummy(cost))
                .subscribe(check -> learn(cost, check.nanos()), failure -> tried.remove(cost));
    }

    /** The cost with which names that nobody has are checked. */
    String dummyCost() {
        return dummy.cost();
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
