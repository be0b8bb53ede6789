package dev.latchkey.gateway.user.hash;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.util.Assert;

/** {@code $2a$}, {@code $2b$} and {@code $2y$}, which are checked alike. */
record Bcrypt(PasswordEncoder encoder) implements HashKind {

    static final PasswordEncoder ENCODER = new BCryptPasswordEncoder();

    /** In bytes: bcrypt reads no further. */
    static final int LONGEST = 72;

    /** Without {@code $2$}, for which a repeated password matches as well. */
    private static final Pattern FORM =
            Pattern.compile("(\\$2[aby]\\$(\\d\\d)\\$)[./0-9A-Za-z]{21}[.Oeu][./0-9A-Za-z]{30}[./0-9A-Za-z]");

    @Override
    public String start() {
        return "$2";
    }

    @Override
    public String cost(String hash) {
        Matcher form = FORM.matcher(hash);
        Assert.isTrue(form.matches(), "is not a bcrypt hash");
        int rounds = Integer.parseInt(form.group(2));
        Assert.isTrue(rounds >= 4 && rounds <= 15, "must have a bcrypt cost of 4 to 15");
        return form.group(1);
    }

    @Override
    public String dummy(String cost) {
        return cost + characters(21) + "." + characters(31);
    }

    /** bcrypt's alphabet is base64's with another character in the place of '+'. */
    private static String characters(int count) {
        return RandomText.base64(count).replace('+', '.').substring(0, count);
    }
}
