package dev.latchkey.gateway.user;

import dev.latchkey.gateway.crypto.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.Assert;

/**
 * A stored password hash whose form and cost are checked, so that no encoder fails on it or works on it for minutes.
 *
 * @param stored with its prefix, {@code {bcrypt}} or {@code {argon2}}
 * @param cost the part that determines how long a check takes
 */
public record PasswordHash(String stored, String cost) {

    static final String BCRYPT = "{bcrypt}";
    static final String ARGON2 = "{argon2}";
    public static final String USUAL_COST = BCRYPT + "$2a$10$";

    /** Without {@code $2$}, for which a repeated password matches as well. */
    private static final Pattern BCRYPT_FORM =
            Pattern.compile("(\\$2[aby]\\$(\\d\\d)\\$)[./0-9A-Za-z]{21}[.Oeu][./0-9A-Za-z]{30}[./0-9A-Za-z]");

    private static final Pattern ARGON2_FORM =
            Pattern.compile("(\\$argon2id?\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$)"
                    + "([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private static final int STAMP_LENGTH = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Checks both kinds, and makes hashes of this one: {@code bcrypt} or {@code argon2}. */
    static PasswordEncoder encoder(String algorithm) {
        return new DelegatingPasswordEncoder(
                algorithm,
                Map.of(
                        "bcrypt",
                        new BCryptPasswordEncoder(),
                        "argon2",
                        Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8()));
    }

    /**
     * Reads a hash as it is stored.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong and quotes nothing
     */
    public static PasswordHash parse(String stored) {
        if (stored.startsWith(BCRYPT)) {
            return new PasswordHash(stored, bcryptCost(stored.substring(BCRYPT.length())));
        }
        if (stored.startsWith(ARGON2)) {
            return new PasswordHash(stored, argon2Cost(stored.substring(ARGON2.length())));
        }
        throw new IllegalArgumentException(
                "must begin with {bcrypt} or {argon2}; java -jar gateway.jar users hash makes a hash");
    }

    /**
     * A random hash of this cost, which no password matches: a sign-in with a name that does not exist takes as long as
     * one with a name that does.
     */
    public static PasswordHash dummy(String cost) {
        return parse(
                cost.startsWith(BCRYPT)
                        ? cost + bcrypt(21) + "." + bcrypt(31)
                        : cost + randomBase64(16) + "$" + randomBase64(32));
    }

    /** bcrypt's alphabet is base64's with another character in the place of '+'. */
    private static String bcrypt(int characters) {
        return randomBase64(characters).replace('+', '.').substring(0, characters);
    }

    private static String randomBase64(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getEncoder().withoutPadding().encodeToString(random);
    }

    /** Changes with the hash and does not reveal it. */
    public String stamp() {
        return Sha256.base64Url(stored).substring(0, STAMP_LENGTH);
    }

    private static String bcryptCost(String hash) {
        Matcher form = BCRYPT_FORM.matcher(hash);
        Assert.isTrue(form.matches(), "is not a bcrypt hash");
        int rounds = Integer.parseInt(form.group(2));
        Assert.isTrue(rounds >= 4 && rounds <= 15, "must have a bcrypt cost of 4 to 15");
        return BCRYPT + form.group(1);
    }

    private static String argon2Cost(String hash) {
        Matcher form = ARGON2_FORM.matcher(hash);
        Assert.isTrue(form.matches() && isBase64(form.group(5)) && isBase64(form.group(6)), "is not an argon2 hash");
        int memory = Integer.parseInt(form.group(2));
        int passes = Integer.parseInt(form.group(3));
        int lanes = Integer.parseInt(form.group(4));
        Assert.isTrue(passes >= 1 && passes <= 10, "must have argon2 passes (t) of 1 to 10");
        Assert.isTrue(lanes >= 1 && lanes <= 16, "must have argon2 lanes (p) of 1 to 16");
        Assert.isTrue(
                memory >= 8 * lanes && memory <= 262_144,
                "must have an argon2 memory (m) of 8 times the lanes to 262144");
        return ARGON2 + form.group(1);
    }

    /** Whether the decoder accepts it: a remainder of one character is invalid. */
    private static boolean isBase64(String text) {
        return text.length() % 4 != 1;
    }

    /** Never shows the hash. */
    @Override
    public String toString() {
        return "PasswordHash[hidden]";
    }
}
