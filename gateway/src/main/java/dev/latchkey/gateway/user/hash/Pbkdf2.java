package dev.latchkey.gateway.user.hash;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.util.Assert;

/**
 * PBKDF2 (RFC 8018, section 5.2) as Spring Security writes it: salt and key in hexadecimal digits. The iterations are
 * not written down, so these are its defaults, without a secret.
 *
 * @param bytes of salt and key together
 */
record Pbkdf2(PasswordEncoder encoder, int bytes) implements HashKind {

    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]*");

    /**
     * Of {@code {pbkdf2}}: 185000 iterations of HMAC with SHA-1, and a key of 256 bits, which only the deprecated
     * method makes.
     */
    @SuppressWarnings("deprecation")
    static Pbkdf2 ofSpring5() {
        return new Pbkdf2(Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_5(), 40);
    }

    /** 310000 iterations of HMAC with SHA-256. */
    static Pbkdf2 ofSpring58() {
        return new Pbkdf2(Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8(), 48);
    }

    @Override
    public String start() {
        return "";
    }

    @Override
    public String cost(String hash) {
        Assert.isTrue(
                hash.length() == 2 * bytes && DIGITS.matcher(hash).matches(),
                "is not a pbkdf2 hash of Spring Security's: " + 2 * bytes + " hexadecimal digits");
        return "";
    }

    @Override
    public String dummy(String cost) {
        return HexFormat.of().formatHex(RandomText.bytes(bytes));
    }
}
