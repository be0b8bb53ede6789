package dev.latchkey.gateway.user;

import java.util.function.Function;
import java.util.function.Supplier;

/** What a directory says of a name. */
public sealed interface UserLookup {

    default <R> R fold(Function<User, R> found, Supplier<R> absent, Supplier<R> unavailable) {
        if (this instanceof Found there) {
            return found.apply(there.user);
        }
        return this instanceof Absent ? absent.get() : unavailable.get();
    }

    /** They may sign in. */
    record Found(User user) implements UserLookup {}

    /** Gone, disabled, never there, or with another password. */
    record Absent() implements UserLookup {}

    /** The directory could not be asked. */
    record Unavailable() implements UserLookup {}
}
