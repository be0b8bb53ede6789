package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a directory says of users at one time.
 *
 * @param version the same for the same content, whichever node reads it
 * @param active those who may sign in
 * @param disabled those who may not, and are written down all the same
 * @param isConfirmed whether it says itself that it is complete, however few there are
 */
public record UserSnapshot(String version, Map<Subject, User> active, Set<Subject> disabled, boolean isConfirmed) {

    /** Everybody who is written down, whether they may sign in or not. */
    public Set<Subject> all() {
        Set<Subject> all = new HashSet<>(active.keySet());
        all.addAll(disabled);
        return all;
    }

    /**
     * Why this must not follow those who were there before: over half of them are gone, which is more often a mistake
     * than meant, and would sign out everybody who is not in it. Nothing where it says itself that it is complete.
     */
    public Optional<String> lossOf(Set<Subject> before) {
        Set<Subject> all = all();
        long gone = before.stream().filter(subject -> !all.contains(subject)).count();
        return isConfirmed || 2 * gone <= before.size()
                ? Optional.empty()
                : Optional.of(gone + " of " + before.size() + " users are gone; write user-count: " + all.size()
                        + " where that is meant");
    }
}
