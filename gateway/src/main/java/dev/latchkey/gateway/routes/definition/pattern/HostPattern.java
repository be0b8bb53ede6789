package dev.latchkey.gateway.routes.definition.pattern;

import java.util.Locale;

/**
 * The hosts of a route.
 *
 * @param name in lower case, without a port
 * @param below whether it stands for all names below this one, at any depth, and not for itself
 */
public record HostPattern(String name, boolean below) {

    private static final String WILDCARD = "*.";

    /** No name of the DNS is longer (RFC 1035 section 2.3.4). */
    public static final int LONGEST = 253;

    /** Parses a name, or a name after {@code *.}. */
    public static HostPattern of(String text) {
        boolean below = text.startsWith(WILDCARD);
        String name = below ? text.substring(WILDCARD.length()) : text;
        return new HostPattern(name.toLowerCase(Locale.ROOT), below);
    }

    /** Whether it matches a host in lower case, without a port. */
    public boolean matches(String host) {
        return below ? isBelow(host) : name.equals(host);
    }

    /** Whether it matches every host that the other matches. */
    public boolean covers(HostPattern other) {
        return below ? isBelow(other.name) || equals(other) : equals(other);
    }

    private boolean isBelow(String host) {
        int labels = host.length() - name.length();
        return labels > 1 && host.length() <= LONGEST && host.charAt(labels - 1) == '.' && host.endsWith(name);
    }

    @Override
    public String toString() {
        return below ? WILDCARD + name : name;
    }
}
