package dev.latchkey.gateway.session.records;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is left of a session that has ended before its time, as the scripts write it:
 * {@code reason,ended,expires,subject}.
 *
 * @param reason a word of {@link dev.latchkey.gateway.session.RevocationReason}, or of a later version's
 * @param ended in whole seconds
 * @param expires when the session would have ended by itself, in whole seconds
 * @param subject its beginning if it is long; empty if it was erased or could not be read
 */
record Tombstone(String reason, Instant ended, Instant expires, String subject) {

    /** The scripts cut tombstones at this length, within a character of UTF-8 a little before it. */
    private static final int CUT = 52 - 3;

    private static final Pattern FORM =
            Pattern.compile("([a-z0-9-]{1,40}),(\\d{1,12}),(\\d{1,12}),?(.*)", Pattern.DOTALL);

    /** Empty if it cannot be read. */
    static Optional<Tombstone> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new Tombstone(parts.group(1), second(parts.group(2)), second(parts.group(3)), parts.group(4)))
                : Optional.empty();
    }

    private static Instant second(String text) {
        return Instant.ofEpochSecond(Long.parseLong(text));
    }

    /** Whether it may be of this subject, of which only the beginning is known if it is long. */
    boolean mayBeOf(String other) {
        return subject.equals(other) || (isCut() && other.startsWith(subject));
    }

    /** Whether there may have been more of the subject. */
    boolean isCut() {
        String whole = reason + "," + ended.getEpochSecond() + "," + expires.getEpochSecond() + "," + subject;
        return !subject.isEmpty() && whole.getBytes(StandardCharsets.UTF_8).length >= CUT;
    }

    /** Hides the subject. */
    @Override
    public String toString() {
        return "Tombstone[" + reason + ", " + ended + "]";
    }
}
