package dev.latchkey.gateway.user.hash;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.Assert;

/** Argon2id and Argon2i in their usual text form (RFC 9106 has the functions). */
record Argon2(PasswordEncoder encoder) implements HashKind {

    private static final Pattern FORM =
            Pattern.compile("(\\$argon2id?\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$)"
                    + "([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    /** Of memory times passes: what the encoder uses. */
    private static final int TODAY = (1 << 14) * 2;

    Argon2() {
        this(Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8());
    }

    @Override
    public String start() {
        return "$argon2";
    }

    @Override
    public String cost(String hash) {
        Matcher form = FORM.matcher(hash);
        Assert.isTrue(form.matches() && isBase64(form.group(5)) && isBase64(form.group(6)), "is not an argon2 hash");
        int memory = Integer.parseInt(form.group(2));
        int passes = Integer.parseInt(form.group(3));
        int lanes = Integer.parseInt(form.group(4));
        Assert.isTrue(passes >= 1 && passes <= 10, "must have argon2 passes (t) of 1 to 10");
        Assert.isTrue(lanes >= 1 && lanes <= 16, "must have argon2 lanes (p) of 1 to 16");
        Assert.isTrue(
                memory >= 8 * lanes && memory <= 262_144,
                "must have an argon2 memory (m) of 8 times the lanes to 262144");
        return form.group(1);
    }

    /** More of the one makes up for less of the other. */
    @Override
    public boolean isWeak(String hash) {
        Matcher form = FORM.matcher(hash);
        return form.matches() && Integer.parseInt(form.group(2)) * Integer.parseInt(form.group(3)) < TODAY;
    }

    @Override
    public String dummy(String cost) {
        return cost + RandomText.base64(16) + "$" + RandomText.base64(32);
    }

    /** Whether the decoder accepts it: a remainder of one character is invalid. */
    private static boolean isBase64(String text) {
        return text.length() % 4 != 1;
    }
}
