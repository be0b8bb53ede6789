package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordHash;
import java.util.Collection;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Users kept one by one outside the node, for example in a database. Each call fails if the store is in trouble, and
 * never says then that a user is missing. None blocks; who calls sets the time limit.
 */
public interface UserStore {

    /** For messages: {@code postgresql}, for example. */
    String name();

    /** The user of this name, disabled or not; a name that occurs twice is a failure. */
    Mono<Optional<StoredUser>> find(Subject subject);

    /**
     * At most {@link #MOST_AT_ONCE} users at once; whom the store does not know is missing in the answer, and a name
     * that occurs twice is a failure.
     */
    Flux<StoredUser> findAll(Collection<Subject> subjects);

    /**
     * Whether the password is that of the user; empty for a name that the store does not know, which has to take as
     * long. By default, the gateway compares it with the hash.
     */
    default Mono<Boolean> matches(Optional<StoredUser> user, Password password, HashChecks hashes) {
        return hashes.matches(user.flatMap(StoredUser::hash), password);
    }

    /** Whether hashes may be written, together with their version. */
    boolean isWritable();

    /**
     * Replaces the hash if it is still what {@code expected} has stored; false if it is not. Called only where
     * {@link #isWritable}.
     *
     * @param version what the store keeps beside the hash, see {@link CredentialVersion}
     */
    Mono<Boolean> replaceHash(StoredUser expected, PasswordHash next, String version);

    /** How many users {@link #findAll} takes. */
    int MOST_AT_ONCE = 500;
}
