package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Who may sign in. A disabled user is {@link UserLookup.Absent}. */
public interface UserDirectory {

    /** Whether anybody may sign in with a password; false where all users come from OpenID Providers. */
    default boolean acceptsPasswords() {
        return true;
    }

    /** Whether users may change their own passwords here. */
    default boolean changesPasswords() {
        return false;
    }

    /** The user of this name, looked up again at each rotation; what it says may be some seconds old. */
    Mono<UserLookup> find(Subject subject);

    /**
     * The same as it is now: asked when a session of the user begins, which a change before it does not end, and before
     * one ends because it began with other credentials, which may be newer than those that were found.
     */
    default Mono<UserLookup> findNow(Subject subject) {
        return find(subject);
    }

    /** Every role of users who may sign in; nothing if that is not known. */
    default Optional<Set<String>> roles() {
        return Optional.empty();
    }

    /**
     * The user of this name if the password is theirs. A wrong password, an unknown name and a disabled user cost the
     * same time and get the same answer, {@link UserLookup.Absent}. Hashing runs off the event loop, in a bounded
     * queue; a full queue is {@link UserLookup.Unavailable}.
     */
    Mono<UserLookup> authenticate(String name, Password password);

    /**
     * Gives a user another password and ends all of their sessions. Hashing runs as at {@link #authenticate}. Called
     * only where {@link #changesPasswords}.
     *
     * @param confirmed the user as their old password was just found right
     */
    default Mono<PasswordChange> changePassword(User confirmed, Password next) {
        return Mono.just(PasswordChange.Failed.UNAVAILABLE);
    }
}
