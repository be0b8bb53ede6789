package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the "your sessions" page shows of a client, so that its owner recognizes it.
 *
 * @param userAgent at most 40 characters are kept, for example {@code Firefox on Linux}
 * @param address the client's address at sign-in
 * @param key that the client proved to hold, to which all tokens of its session are bound; the page does not show it
 */
public record ClientFacts(String userAgent, String address, Optional<KeyThumbprint> key) {

    private static final int MOST_CHARACTERS = 40;

    /** A longer value would take the record out of its compact encoding. */
    private static final int MOST_BYTES = 63;

    /** The facts of a client that proved no key. */
    public ClientFacts(String userAgent, String address) {
        this(userAgent, address, Optional.empty());
    }

    /** As they are kept. */
    ClientFacts shortened() {
        return new ClientFacts(shortened(userAgent), shortened(address), key);
    }

    private static String shortened(String text) {
        int end = Math.min(text.length(), MOST_CHARACTERS);
        while (end > 0 && (splitsCharacter(text, end) || bytes(text, end) > MOST_BYTES)) {
            end--;
        }
        return text.substring(0, end);
    }

    private static boolean splitsCharacter(String text, int end) {
        return Character.isHighSurrogate(text.charAt(end - 1));
    }

    private static int bytes(String text, int end) {
        return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    }
}
