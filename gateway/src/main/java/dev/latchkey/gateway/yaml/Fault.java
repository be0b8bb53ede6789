package dev.latchkey.gateway.yaml;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.regex.Pattern;

/**
 * One thing that is wrong in a file, in words for the person who corrects it; in JSON with the members file, line,
 * column and message.
 *
 * @param position where to look
 * @param message what is wrong and what to write instead
 */
public record Fault(@JsonUnwrapped Position position, String message) {

    private static final int LONGEST = 500;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** A name in the file may hold line breaks, which would forge lines in the log. */
    public Fault {
        String line = CONTROL.matcher(message).replaceAll("\uFFFD");
        message = line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    @Override
    public String toString() {
        return position + ": " + message;
    }
}
