package dev.latchkey.gateway.user;

import java.util.Optional;
import java.util.function.Function;

/** A directory that is read as a whole, such as a file. */
public interface ListedUserDirectory extends UserDirectory {

    /** All users as they are now. */
    UserSnapshot snapshot();

    /**
     * Sets what is asked before another snapshot becomes active: sessions that it ends should have ended before its
     * users sign in. The answer is why it must not become active, or nothing. Called on a thread that may block.
     */
    void whenChanged(Function<UserSnapshot, Optional<String>> check);

    /** Reports, for health and meters, why what was read at the start is not applied, or that it now is. */
    void report(Optional<String> refusal);
}
