package dev.latchkey.gateway.user.rules;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which passwords users may choose for themselves, where they are kept in a store that may be written.
 *
 * @param minLength The fewest characters of a new password, 8 to 64. NIST SP 800-63B-4 section 3.1.1.2 asks for 15 if
 *     the password is all that is needed to sign in, and for 8 beside another factor
 * @param blocklistFile A file of passwords that may not be chosen, one a line in UTF-8, read at the start, at most 8
 *     MB; they are added to the list of common passwords that the gateway brings
 */
@ConfigurationProperties("latchkey.users.passwords")
public record PasswordProperties(
        @DefaultValue("15") int minLength, @Nullable String blocklistFile) {

    private static final int LEAST = 8;
    private static final int MOST = 64;

    public PasswordProperties {
        if (minLength < LEAST || minLength > MOST) {
            throw new IllegalArgumentException("latchkey.users.passwords.min-length must lie between 8 and 64");
        }
    }
}
