package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All users of one good file.
 *
 * @param byName those who may sign in
 * @param disabled those who may not
 * @param isConfirmed whether the file says how many users it has
 * @param dummyHash a hash that no password matches, checked where there is no user, at the cost of most users' hashes
 * @param costs how many different costs the hashes have
 */
record UserTable(
        Map<String, UserEntry> byName, Set<String> disabled, boolean isConfirmed, PasswordHash dummyHash, int costs) {

    static UserTable of(Collection<UserEntry> all, boolean isConfirmed) {
        Map<String, UserEntry> enabled = new LinkedHashMap<>();
        all.stream()
                .filter(entry -> !entry.disabled())
                .forEach(entry -> enabled.put(entry.user().subject().value(), entry));
        Map<String, Long> costs =
                all.stream().collect(Collectors.groupingBy(entry -> entry.hash().cost(), Collectors.counting()));
        PasswordHash dummyHash = costs.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue(Comparator.naturalOrder())
                        .thenComparing(Map.Entry::getKey))
                .map(most -> DummyHash.of(most.getKey()))
                .orElseGet(DummyHash::usual);
        Set<String> disabled = all.stream()
                .filter(UserEntry::disabled)
                .map(entry -> entry.user().subject().value())
                .collect(Collectors.toUnmodifiableSet());
        return new UserTable(Map.copyOf(enabled), disabled, isConfirmed, dummyHash, costs.size());
    }

    Optional<UserEntry> find(String name) {
        return Optional.ofNullable(byName.get(NormalForm.ofName(name)));
    }

    UserSnapshot snapshot(String version) {
        Map<Subject, User> active = byName.values().stream()
                .map(UserEntry::user)
                .collect(Collectors.toUnmodifiableMap(User::subject, user -> user));
        return new UserSnapshot(
                version,
                active,
                disabled.stream().map(Subject::new).collect(Collectors.toUnmodifiableSet()),
                isConfirmed);
    }

    /** Every role that somebody who may sign in has. */
    Set<String> roles() {
        return byName.values().stream()
                .flatMap(it -> it.user().roles().names().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
