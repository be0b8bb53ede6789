package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.token.CookieNames;
import dev.latchkey.gateway.token.CookieProperties;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Removes the gateway's cookies from header lines and leaves every other byte as it was, even of cookies that a parser
 * would drop.
 */
@Component
final class CookieHygiene {

    private final CookieNames names;

    CookieHygiene(CookieProperties cookies) {
        this.names = cookies.names();
    }

    /** {@code Cookie} lines without ours; a line with nothing left is dropped. */
    List<String> withoutOurs(List<String> lines) {
        return lines.stream().flatMap(line -> withoutOurs(line).stream()).toList();
    }

    private Optional<String> withoutOurs(String line) {
        List<String> pieces = List.of(line.split(";", -1));
        List<String> kept =
                pieces.stream().filter(piece -> !names.owns(name(piece))).toList();
        if (kept.size() == pieces.size()) {
            return Optional.of(line);
        }
        return Optional.of(String.join(";", kept).stripLeading()).filter(rest -> !rest.isBlank());
    }

    /** Netty skips commas before a name, so they must not hide a name here. */
    private static String name(String piece) {
        int equals = piece.indexOf('=');
        String name = equals < 0 ? piece : piece.substring(0, equals);
        int start = 0;
        while (start < name.length() && (name.charAt(start) <= ' ' || name.charAt(start) == ',')) {
            start++;
        }
        return name.substring(start).trim();
    }

    /**
     * Whether a {@code Set-Cookie} line sets a cookie of the gateway. A cookie without a name is sent back as its bare
     * value, so that {@code =latchkey-access=x} would come back as ours (RFC 6265bis section 5.6).
     */
    boolean setsOurs(String line) {
        int end = line.indexOf(';');
        String pair = (end < 0 ? line : line.substring(0, end)).trim();
        int equals = pair.indexOf('=');
        return equals == 0 ? names.owns(name(pair.substring(1))) : names.owns(name(pair));
    }
}
