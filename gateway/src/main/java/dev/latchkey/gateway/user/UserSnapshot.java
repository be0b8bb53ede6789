package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a directory says of users at one time.
 *
 * @param version the same for the same content on every node
 * @param active those who may sign in
 * @param disabled those who are listed but may not
 * @param isConfirmed whether it says that it is complete, however few they are
 */
public record UserSnapshot(String version, Map<Subject, User> active, Set<Subject> disabled, boolean isConfirmed) {

    /** All who are listed, whether they may sign in or not. */
    public Set<Subject> all() {
        Set<Subject> all = new HashSet<>(active.keySet());
        all.addAll(disabled);
        return all;
    }

    /**
     * Why this must not replace the list before: over half of its users are gone, which is usually a mistake and would
     * sign them all out. Nothing if this says that it is complete.
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
