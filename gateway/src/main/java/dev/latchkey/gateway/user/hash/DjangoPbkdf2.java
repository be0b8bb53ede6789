package dev.latchkey.gateway.user.hash;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.Assert;

/** PBKDF2 with SHA-256 as Django writes it: {@code iterations$salt$key}. The salt is a text whose bytes count. */
final class DjangoPbkdf2 implements HashKind, PasswordEncoder {

    /** Django 5.2's. */
    private static final int ITERATIONS = 1_000_000;

    /** OWASP's least for this function. */
    private static final int FEWEST_TODAY = 600_000;

    private static final int KEY_BITS = 256;
    private static final int MOST = 2_500_000;
    private static final Pattern FORM = Pattern.compile("(([1-9]\\d{3,6})\\$)([!-#%-~]{8,128})\\$([A-Za-z0-9+/]{43}=)");

    @Override
    public String start() {
        return "";
    }

    @Override
    public PasswordEncoder encoder() {
        return this;
    }

    @Override
    public String cost(String hash) {
        Matcher form = parsed(hash);
        Assert.isTrue(iterations(form) <= MOST, "must have pbkdf2_sha256 iterations of 1000 to " + MOST);
        return form.group(1);
    }

    @Override
    public String dummy(String cost) {
        return cost + salt() + "$" + RandomText.padded(32);
    }

    @Override
    public String encode(@Nullable CharSequence password) {
        String salt = salt();
        return ITERATIONS + "$" + salt + "$"
                + Base64.getEncoder().encodeToString(key(String.valueOf(password), salt, ITERATIONS));
    }

    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
        Matcher form = parsed(String.valueOf(hash));
        byte[] key = Base64.getDecoder().decode(form.group(4));
        return MessageDigest.isEqual(key, key(String.valueOf(password), form.group(3), iterations(form)));
    }

    @Override
    public boolean upgradeEncoding(@Nullable String hash) {
        return iterations(parsed(String.valueOf(hash))) < FEWEST_TODAY;
    }

    private static String salt() {
        return RandomText.base64(18);
    }

    private static byte[] key(String password, String salt, int iterations) {
        try {
            byte[] bytes = salt.getBytes(StandardCharsets.US_ASCII);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), bytes, iterations, KEY_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // the JDK has it
        }
    }

    private static int iterations(Matcher form) {
        return Integer.parseInt(form.group(2));
    }

    private static Matcher parsed(String hash) {
        Matcher form = FORM.matcher(hash);
        Assert.isTrue(form.matches(), "is not a pbkdf2_sha256 hash");
        return form;
    }
}
