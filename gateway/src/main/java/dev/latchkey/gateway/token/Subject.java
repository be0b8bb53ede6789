package dev.latchkey.gateway.token;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The user of a token: the {@code sub} claim (RFC 7519 section 4.1.2). A user of a users directory is their name there,
 * which has no {@code |}. A user of an OpenID Provider is {@code PROVIDER|SUB}, so they equal no local name and no
 * other provider's user (OpenID Connect Core section 5.7: an issuer's {@code sub} is unique for that issuer alone).
 */
public record Subject(String value) {

    /** Holds the longest name of a provider and the longest {@code sub} (OpenID Connect Core section 2). */
    private static final int LONGEST = 300;

    private static final int LONGEST_NAME = 255;
    private static final char SEPARATOR = '|';

    public Subject {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a subject has 1 to 300 characters and no control characters");
        }
    }

    /**
     * A provider's user.
     *
     * @param sub that of the provider's ID token
     * @throws IllegalArgumentException if it is empty, has control characters or is too long
     */
    public static Subject of(ProviderName provider, String sub) {
        if (sub.isEmpty()) {
            throw new IllegalArgumentException("a provider's user has a sub");
        }
        return new Subject(provider.value() + SEPARATOR + sub);
    }

    /**
     * The user whom a person means. Names of a users directory are in Unicode's form NFC, because one keyboard types é
     * as one character and another as two; a provider's {@code sub} is just what the provider says.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static Subject typed(String text) {
        Subject asTyped = new Subject(text);
        String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
        return asTyped.isOfProvider() || !isWellFormed(normal) ? asTyped : new Subject(normal);
    }

    /** Whether a text could be one. */
    public static boolean isWellFormed(String value) {
        return !value.isEmpty() && value.length() <= LONGEST && value.chars().noneMatch(Character::isISOControl);
    }

    /** Whether a users directory could list a user of this name. */
    public static boolean isLocalName(String name) {
        return isWellFormed(name) && name.length() <= LONGEST_NAME && name.indexOf(SEPARATOR) < 0;
    }

    /** The provider whose user this is; empty for one of the users directory. */
    public Optional<ProviderName> provider() {
        int separator = value.indexOf(SEPARATOR);
        return separator > 0 && separator < value.length() - 1
                ? Optional.of(value.substring(0, separator))
                        .filter(ProviderName::isWellFormed)
                        .map(ProviderName::new)
                : Optional.empty();
    }

    /** Whether a provider and not a users directory says who this is. */
    public boolean isOfProvider() {
        return provider().isPresent();
    }

    /** Hides the name, because logs must not become a list of users. */
    @Override
    public String toString() {
        return "Subject[hidden]";
    }
}
