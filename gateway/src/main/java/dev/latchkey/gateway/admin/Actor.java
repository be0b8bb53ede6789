package dev.latchkey.gateway.admin;

import java.util.regex.Pattern;

/**
 * An operator who has been let in, as the audit log calls them.
 *
 * @param name 1 to 64 letters, digits, {@code .}, {@code _}, {@code @} and {@code -}
 */
public record Actor(String name) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    static final String RULE =
            "a name begins with a letter or a digit and has up to 64 letters, digits, '.', '_', '@'" + " and '-'";

    public Actor {
        if (!isWellFormed(name)) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String name) {
        return PLAIN.matcher(name).matches();
    }
}
