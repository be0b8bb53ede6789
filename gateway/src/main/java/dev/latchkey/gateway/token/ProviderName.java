package dev.latchkey.gateway.token;

import java.util.regex.Pattern;

/**
 * The name of an OpenID Provider in the configuration, {@code latchkey.providers.<name>}: part of addresses and
 * subjects.
 */
public record ProviderName(String value) {

    private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9-]{0,29}");

    public ProviderName {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a provider's name begins with a letter from a to z, and has up to 30"
                    + " letters from a to z, digits and '-'");
        }
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String value) {
        return PLAIN.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
