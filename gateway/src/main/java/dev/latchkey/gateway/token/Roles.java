package dev.latchkey.gateway.token;

import java.util.Collection;
import java.util.List;

/**
 * Names for what a user may do, which routes and backends ask for.
 *
 * @param names in alphabetical order, each once
 */
public record Roles(List<String> names) {

    public static final Roles NONE = new Roles(List.of());

    /** A string in a list, besides its characters. */
    private static final int NAME_BYTES = 48;

    /** A few roles, which most users share with others. */
    private static final int SHARED_BYTES = 256;

    public Roles {
        names = names.stream().sorted().distinct().toList();
    }

    /** The roles of these names; duplicates count once. */
    public static Roles of(Collection<String> names) {
        return new Roles(List.copyOf(names));
    }

    /** Whether at least one of the others is among these. */
    public boolean containsAny(Roles others) {
        boolean contains = false;
        for (int each = 0; each < others.names.size() && !contains; each++) {
            contains = names.contains(others.names.get(each));
        }
        return contains;
    }

    /** Whether all of the others are among these. */
    public boolean containsAll(Roles others) {
        boolean contains = true;
        for (int each = 0; each < others.names.size() && contains; each++) {
            contains = names.contains(others.names.get(each));
        }
        return contains;
    }

    /** Those that the others also have. */
    public Roles retaining(Roles others) {
        return new Roles(names.stream().filter(others.names::contains).toList());
    }

    /** Those that the others do not have. */
    public Roles without(Roles others) {
        return new Roles(
                names.stream().filter(name -> !others.names.contains(name)).toList());
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** About what those of one user take in a cache that keeps equal ones once, in bytes; a few take nothing. */
    public int ownBytes() {
        int bytes = 0;
        for (String name : names) {
            bytes += NAME_BYTES + name.length();
        }
        return Math.max(0, bytes - SHARED_BYTES);
    }
}
