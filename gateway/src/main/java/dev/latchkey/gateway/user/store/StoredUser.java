package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.User;
import java.util.Optional;

/**
 * What a store says of one user.
 *
 * @param stored the hash as the store has it, which is what replaces it only if it is unchanged
 * @param hash empty if there is none, or none that the gateway can check: then no password is theirs
 * @param disabled whether they may not sign in
 * @param isOwnChoice whether the user chose the password at the gateway
 */
public record StoredUser(
        User user, Optional<String> stored, Optional<PasswordHash> hash, boolean disabled, boolean isOwnChoice) {

    /** One whose password somebody else set, as far as is known. */
    public StoredUser(User user, Optional<String> stored, Optional<PasswordHash> hash, boolean disabled) {
        this(user, stored, hash, disabled, false);
    }

    /** Shows neither the hash nor who it is. */
    @Override
    public String toString() {
        return "StoredUser[hidden]";
    }
}
