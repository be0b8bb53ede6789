package dev.latchkey.gateway.user.rules;

import dev.latchkey.gateway.user.NormalForm;
import dev.latchkey.gateway.user.Password;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which passwords users may choose (NIST SP 800-63B-4 section 3.1.1.2): long ones that nobody would guess first, of any
 * characters. There is no rule of composition. They are counted and compared as they are hashed, in the form of RFC
 * 8265 section 4.2: NFC, and not NFKC, so that no two passwords of other characters become one.
 */
public final class PasswordRules {

    /** A name that is shorter says nothing. */
    private static final int SHORTEST_NAME = 3;
    /** What is left of a password without the names has to be as long as one beside another factor. */
    private static final int LEFT = 8;

    private final CommonPasswords common;
    private final int minLength;

    /** Reads the lists. Blocks, and ends the start if the file of the configuration cannot be used. */
    public PasswordRules(PasswordProperties properties) {
        this.common = new CommonPasswords(properties);
        this.minLength = properties.minLength();
    }

    /** The fewest characters (code points of Unicode). */
    public int minLength() {
        return minLength;
    }

    /**
     * Why the password may not be chosen, in one sentence that quotes nothing of it; empty if it may.
     *
     * @param names of the user and of the service
     */
    public Optional<String> refusal(Password next, Password old, Collection<String> names) {
        if (next.isTooLong()) {
            return Optional.of("The new password must not be longer than 1024 bytes");
        }
        String password = NormalForm.ofPassword(next.value());
        if (!isText(password)) {
            return Optional.of("The new password must not have control characters");
        }
        if (length(password) < minLength) {
            return Optional.of("The new password must have at least " + minLength + " characters");
        }
        if (password.equals(NormalForm.ofPassword(old.value()))) {
            return Optional.of("The new password must be another one");
        }
        if (common.contains(password)) {
            return Optional.of("The new password is on a list of passwords that are guessed first");
        }
        return isMadeOf(password, names)
                ? Optional.of("The new password must be more than a name of yours or of this service")
                : Optional.empty();
    }

    /** bcrypt ends at a zero byte, and half a character has no bytes. */
    private static boolean isText(String password) {
        return password.codePoints()
                .noneMatch(point -> Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE);
    }

    private static boolean isMadeOf(String password, Collection<String> names) {
        String left = CommonPasswords.folded(password);
        List<String> longestFirst = names.stream()
                .map(CommonPasswords::folded)
                .map(String::strip)
                .filter(name -> length(name) >= SHORTEST_NAME)
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
        for (String name : longestFirst) {
            left = left.replace(name, "");
        }
        return !longestFirst.isEmpty()
                && left.length() < password.length()
                && left.codePoints().filter(Character::isLetterOrDigit).count() < LEFT;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
