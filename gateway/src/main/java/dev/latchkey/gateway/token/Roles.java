package dev.latchkey.gateway.token;

import java.util.Collection;
import java.util.List;

/**
 * What a user may do, as names that routes and backends ask for.
 *
 * @param names in alphabetical order, each once
 */
public record Roles(List<String> names) {

    /** No role at all. */
    public static final Roles NONE = new Roles(List.of());

    public Roles {
        names = names.stream().sorted().distinct().toList();
    }

    /** The roles of these names; doubles count once. */
    public static Roles of(Collection<String> names) {
        return new Roles(List.copyOf(names));
    }

    /** Whether at least one of the others is here. */
    public boolean containsAny(Roles others) {
        return others.names.stream().anyMatch(names::contains);
    }

    /** Whether every one of the others is here. */
    public boolean containsAll(Roles others) {
        return names.containsAll(others.names);
    }

    /** Those that are among the others, too. */
    public Roles retaining(Roles others) {
        return new Roles(names.stream().filter(others.names::contains).toList());
    }

    /** Whether there is no role here. */
    public boolean isEmpty() {
        return names.isEmpty();
    }
}
