package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.MutableHeaderFields;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How many more gateways an OPTIONS request may pass, by which a client asks each of them on the way (RFC 9110 section
 * 7.6.2). With another method the field means nothing; TRACE is never let in.
 */
public final class MaxForwards {

    private static final String NAME = "Max-Forwards";
    private static final String OPTIONS = "OPTIONS";
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern NONE = Pattern.compile("0+");

    /** The digits of the most that is passed on: more than gateways stand one behind another. */
    private static final int MOST_DIGITS = 9;

    private static final long MOST = 999_999_999;

    private MaxForwards() {}

    /** Whether the field means anything with this method; the others may be asked only if so. */
    public static boolean appliesTo(String method) {
        return method.equals(OPTIONS);
    }

    /** Whether the field is there, but is not one number, so that nobody can tell who is to answer: a 400. */
    public static boolean isMalformed(HeaderFields fields) {
        List<String> said = fields.all(NAME);
        return said.size() > 1
                || (said.size() == 1 && !NUMBER.matcher(said.get(0)).matches());
    }

    /** Whether the gateway must answer by itself, as the last one that the request comes to. */
    public static boolean isUsedUp(HeaderFields fields) {
        String said = fields.first(NAME);
        return said != null && NONE.matcher(said).matches();
    }

    /** Takes this gateway from the number that the backend gets, which is not used up. */
    static void count(String method, MutableHeaderFields backend) {
        String said = appliesTo(method) ? backend.first(NAME) : null;
        if (said != null) {
            backend.set(NAME, Long.toString(left(said)));
        }
    }

    private static long left(String number) {
        String digits = number.replaceFirst("^0+", "");
        return digits.length() > MOST_DIGITS ? MOST : Long.parseLong(digits) - 1;
    }
}
