package dev.latchkey.gateway.user.hash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/** bcrypt of the password's SHA-256 in hexadecimal digits, as Django writes it: so all of a long password counts. */
final class DigestedBcrypt implements PasswordEncoder {

    @Override
    public @Nullable String encode(@Nullable CharSequence password) {
        return Bcrypt.ENCODER.encode(digest(password));
    }

    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
        return Bcrypt.ENCODER.matches(digest(password), hash);
    }

    @Override
    public boolean upgradeEncoding(@Nullable String hash) {
        return Bcrypt.ENCODER.upgradeEncoding(hash);
    }

    private static String digest(@Nullable CharSequence password) {
        try {
            byte[] bytes = String.valueOf(password).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // each Java platform has it
        }
    }
}
