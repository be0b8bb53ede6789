package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Who may sign in. A disabled user is {@link UserLookup.Absent}. */
public interface UserDirectory {

    /** Whether anybody may sign in with a password; false where all users come from OpenID Providers. */
    default boolean acceptsPasswords() {
        return true;
    }

    /** The user of this name, looked up again at each rotation. */
    Mono<UserLookup> find(Subject subject);

    /** All users as they are now, where the directory is read as a whole. */
    UserSnapshot snapshot();

    /**
     * Sets what is asked before another snapshot becomes active: sessions that it ends should have ended before its
     * users sign in. The answer is why it must not become active, or nothing. Called on a thread that may block.
     */
    void whenChanged(Function<UserSnapshot, Optional<String>> check);

    /** Reports, for health and meters, why what was read at the start is not applied, or that it now is. */
    void report(Optional<String> refusal);

    /** Every role of users who may sign in; nothing if that is not known. */
    Optional<Set<String>> roles();

    /**
     * The user of this name if the password is theirs. A wrong password, an unknown name and a disabled user cost the
     * same time and get the same answer, {@link UserLookup.Absent}. Hashing runs off the event loop, in a bounded
     * queue; a full queue is {@link UserLookup.Unavailable}.
     */
    Mono<UserLookup> authenticate(String name, Password password);
}
