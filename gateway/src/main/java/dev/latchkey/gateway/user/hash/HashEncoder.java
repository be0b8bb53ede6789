package dev.latchkey.gateway.user.hash;

import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.Assert;

/** Checks hashes of all forms, and makes hashes of one. */
public final class HashEncoder implements PasswordEncoder {

    private final HashForm made;

    /** @param prefix of the form that is made, such as {@code {bcrypt}} */
    public HashEncoder(String prefix) {
        this.made = HashForm.withPrefix(prefix);
    }

    @Override
    public @Nullable String encode(@Nullable CharSequence password) {
        Assert.notNull(password, "there must be a password");
        return made.encode(password.toString());
    }

    /** The cost of the hash must be known to be good. */
    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String stored) {
        return password != null
                && stored != null
                && HashForm.of(stored)
                        .filter(form -> form.matches(password.toString(), stored))
                        .isPresent();
    }
}
