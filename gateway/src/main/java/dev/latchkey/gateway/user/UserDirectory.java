package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import reactor.core.publisher.Mono;

/** Who may sign in. A disabled user is {@link UserLookup.Absent}. */
public interface UserDirectory {

    /** The user of this name, looked up anew at each rotation. */
    Mono<UserLookup> find(Subject subject);

    /**
     * The user of this name if the password is his. A wrong password, an unknown name and a disabled user cost the same
     * time and get the same answer, {@link UserLookup.Absent}. Hashing runs off the event loop, in a bounded queue; a
     * full queue is {@link UserLookup.Unavailable}.
     */
    Mono<UserLookup> authenticate(String name, Password password);
}
