package dev.latchkey.gateway.routes;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The octets of one file as they were at one look. Not changed by anybody. */
final class RoutesText {

    private final String name;
    private final byte[] octets;

    /** @param name how the file is called in messages */
    RoutesText(String name, byte[] octets) {
        this.name = name;
        this.octets = octets;
    }

    String name() {
        return name;
    }

    /** The very array: nobody writes to it. */
    byte[] octets() {
        return octets;
    }

    /** The octets as UTF-8, or nothing where the faults were told. */
    Optional<String> decode(Faults faults) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(octets.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(octets), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            faults.add(Position.at(name, text, text.length()), "the file is not UTF-8");
            return Optional.empty();
        }
        if (text.startsWith("\uFEFF")) {
            faults.add(Position.start(name), "the file begins with a byte order mark; save it without");
            return Optional.empty();
        }
        return Optional.of(text);
    }
}
