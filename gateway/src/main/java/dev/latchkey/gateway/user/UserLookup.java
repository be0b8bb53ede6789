package dev.latchkey.gateway.user;

import java.util.function.Function;
import java.util.function.Supplier;

/** What a directory says of a name. */
public sealed interface UserLookup {

    /** One function an outcome. */
    <R> R fold(Function<User, R> found, Supplier<R> absent, Supplier<R> unavailable);

    /** He may sign in. */
    record Found(User user) implements UserLookup {
        @Override
        public <R> R fold(Function<User, R> found, Supplier<R> absent, Supplier<R> unavailable) {
            return found.apply(user);
        }
    }

    /** Gone, disabled, never there, or another password. */
    record Absent() implements UserLookup {
        @Override
        public <R> R fold(Function<User, R> found, Supplier<R> absent, Supplier<R> unavailable) {
            return absent.get();
        }
    }

    /** The directory could not be asked. */
    record Unavailable() implements UserLookup {
        @Override
        public <R> R fold(Function<User, R> found, Supplier<R> absent, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
