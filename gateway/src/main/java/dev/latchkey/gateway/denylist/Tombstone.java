package dev.latchkey.gateway.denylist;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is left of a session that has ended, as the scripts write it: {@code reason,ended,expires,subject}.
 *
 * @param ended when, in whole seconds
 * @param expires when the session would have ended by itself, in whole seconds as in its refresh tokens
 */
record Tombstone(Instant ended, Instant expires) {

    private static final Pattern FORM = Pattern.compile("[^,]*,(\\d{1,12}),(\\d{1,12})(?:,.*)?", Pattern.DOTALL);

    /** Empty where it is none. */
    static Optional<Tombstone> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new Tombstone(second(parts.group(1)), second(parts.group(2))))
                : Optional.empty();
    }

    private static Instant second(String text) {
        return Instant.ofEpochSecond(Long.parseLong(text));
    }
}
