package dev.latchkey.gateway.user.hash;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.scrypt.SCryptPasswordEncoder;
import org.springframework.util.Assert;

/** scrypt (RFC 7914) as Spring Security writes it: {@code $parameters$salt$key}, with a key of 32 bytes. */
record Scrypt(PasswordEncoder encoder) implements HashKind {

    /** Hexadecimal: the binary logarithm of N, then r and p in two digits each. */
    private static final Pattern FORM = Pattern.compile("(\\$([0-9a-f]{1,2})([0-9a-f]{2})([0-9a-f]{2})\\$)"
            + "(?:[A-Za-z0-9+/]{4}){2,32}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\\$[A-Za-z0-9+/]{43}=");

    private static final int HEX = 16;

    /** The largest N times r: 128 MiB of memory. */
    private static final int LARGEST = 1 << 20;

    /** Of N times r times p: what the encoder uses. */
    private static final int TODAY = (1 << 16) * 8;

    Scrypt() {
        this(SCryptPasswordEncoder.defaultsForSpringSecurity_v5_8());
    }

    @Override
    public String start() {
        return "$";
    }

    @Override
    public String cost(String hash) {
        Matcher form = FORM.matcher(hash);
        Assert.isTrue(form.matches(), "is not an scrypt hash of Spring Security's");
        int doublings = number(form, 2);
        int block = number(form, 3);
        int lanes = number(form, 4);
        Assert.isTrue(doublings >= 4 && doublings <= 17, "must have an scrypt cost (N) of 16 to 131072");
        Assert.isTrue(
                block >= 2 && block << doublings <= LARGEST,
                "must have an scrypt block size (r) of 2 or more, and N times r of at most " + LARGEST);
        Assert.isTrue(lanes >= 1 && lanes <= 4, "must have an scrypt parallelization (p) of 1 to 4");
        return form.group(1);
    }

    /** More of the one makes up for less of the other. */
    @Override
    public boolean isWeak(String hash) {
        Matcher form = FORM.matcher(hash);
        return form.matches() && (number(form, 3) << number(form, 2)) * number(form, 4) < TODAY;
    }

    private static int number(Matcher form, int group) {
        return Integer.parseInt(form.group(group), HEX);
    }

    @Override
    public String dummy(String cost) {
        return cost + RandomText.padded(16) + "$" + RandomText.padded(32);
    }
}
