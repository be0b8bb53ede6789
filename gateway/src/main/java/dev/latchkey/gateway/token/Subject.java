package dev.latchkey.gateway.token;

/** The user of a token: the {@code sub} claim (RFC 7519 section 4.1.2). */
public record Subject(String value) {

    private static final int LONGEST = 255;

    public Subject {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a subject has 1 to 255 characters and no control characters");
        }
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String value) {
        return !value.isEmpty() && value.length() <= LONGEST && value.chars().noneMatch(Character::isISOControl);
    }

    /** Hides the name, because logs must not become a list of users. */
    @Override
    public String toString() {
        return "Subject[hidden]";
    }
}
