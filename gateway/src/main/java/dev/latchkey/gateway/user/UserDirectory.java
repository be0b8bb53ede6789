package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Who may sign in. A disabled user is {@link UserLookup.Absent}. */
public interface UserDirectory {

    /** The user of this name, looked up anew at each rotation. */
    Mono<UserLookup> find(Subject subject);

    /** All users as they are now, where the directory is read as a whole. */
    UserSnapshot snapshot();

    /**
     * Says whom to ask before another snapshot counts here: what it ends should have ended when its users sign in. The
     * answer is why it must not count, or nothing. Asked on a thread that may block.
     */
    void whenChanged(Function<UserSnapshot, Optional<String>> judge);

    /** Says why what was read at the start is not applied, or that it is now: for health and meters. */
    void report(Optional<String> refusal);

    /** Every role that somebody who may sign in has; nothing where that is not known. */
    Optional<Set<String>> roles();

    /**
     * The user of this name if the password is his. A wrong password, an unknown name and a disabled user cost the same
     * time and get the same answer, {@link UserLookup.Absent}. Hashing runs off the event loop, in a bounded queue; a
     * full queue is {@link UserLookup.Unavailable}.
     */
    Mono<UserLookup> authenticate(String name, Password password);
}
