package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All users of one good file.
 *
 * @param byName those who may sign in
 * @param snapshot the same for others, with those who may not
 * @param dummyHash checked for names that are not there, so that the answer takes as long as for most users
 * @param costs how many different costs the hashes have
 */
record UserTable(Map<String, UserEntry> byName, UserSnapshot snapshot, PasswordHash dummyHash, int costs) {

    static UserTable of(Collection<UserEntry> all, boolean isConfirmed, String version) {
        Map<String, UserEntry> enabled = all.stream()
                .filter(entry -> !entry.disabled())
                .collect(Collectors.toUnmodifiableMap(
                        entry -> entry.user().subject().value(), entry -> entry));
        Map<String, Long> costs =
                all.stream().collect(Collectors.groupingBy(entry -> entry.hash().cost(), Collectors.counting()));
        String usualCost = costs.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue(Comparator.naturalOrder())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .orElse(PasswordHash.USUAL_COST);
        return new UserTable(enabled, snapshot(all, isConfirmed, version), PasswordHash.dummy(usualCost), costs.size());
    }

    private static UserSnapshot snapshot(Collection<UserEntry> all, boolean isConfirmed, String version) {
        Map<Subject, User> active = all.stream()
                .filter(entry -> !entry.disabled())
                .map(UserEntry::user)
                .collect(Collectors.toUnmodifiableMap(User::subject, user -> user));
        Set<Subject> disabled = all.stream()
                .filter(UserEntry::disabled)
                .map(entry -> entry.user().subject())
                .collect(Collectors.toUnmodifiableSet());
        return new UserSnapshot(version, active, disabled, isConfirmed);
    }

    Optional<UserEntry> find(String name) {
        return Optional.ofNullable(byName.get(NormalForm.ofName(name)));
    }

    /** Every role of users who may sign in. */
    Set<String> roles() {
        return byName.values().stream()
                .flatMap(entry -> entry.user().roles().names().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** One user of the file, allowed in or not. */
    record UserEntry(User user, PasswordHash hash, boolean disabled) {}
}
