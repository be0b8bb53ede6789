package dev.latchkey.gateway.user.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What a store said of one name.
 *
 * @param user empty if it does not know the name
 * @param asked when it was asked: what changed after that is not in it
 */
public record StoreAnswer(Optional<StoredUser> user, Instant asked) {

    /** The user, if they may sign in. */
    public Optional<StoredUser> active() {
        return user.filter(known -> !known.disabled());
    }
}
