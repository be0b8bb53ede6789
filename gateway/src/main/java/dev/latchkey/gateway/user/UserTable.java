package dev.latchkey.gateway.user;

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
 * @param decoy a hash that no password matches, checked where there is no user, at the cost of most users' hashes
 * @param costs how many different costs the hashes have
 */
record UserTable(Map<String, UserEntry> byName, PasswordHash decoy, int costs) {

    static UserTable of(Collection<UserEntry> all) {
        Map<String, UserEntry> enabled = new LinkedHashMap<>();
        all.stream()
                .filter(entry -> !entry.disabled())
                .forEach(entry -> enabled.put(entry.user().subject().value(), entry));
        Map<String, Long> costs =
                all.stream().collect(Collectors.groupingBy(entry -> entry.hash().cost(), Collectors.counting()));
        PasswordHash decoy = costs.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue(Comparator.naturalOrder())
                        .thenComparing(Map.Entry::getKey))
                .map(most -> Decoy.of(most.getKey()))
                .orElseGet(Decoy::usual);
        return new UserTable(Map.copyOf(enabled), decoy, costs.size());
    }

    Optional<UserEntry> find(String name) {
        return Optional.ofNullable(byName.get(NormalForm.ofName(name)));
    }

    /** Every role that somebody who may sign in has. */
    Set<String> roles() {
        return byName.values().stream()
                .flatMap(it -> it.user().roles().names().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
