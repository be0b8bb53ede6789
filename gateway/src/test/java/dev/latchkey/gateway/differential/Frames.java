package dev.latchkey.gateway.differential;

/** What is said in a WebSocket (RFC 6455 section 5.2); characters are bytes, and the client's mask is zero. */
final class Frames {

    static final String HANDSHAKE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    /** The answer to it, but for its end. */
    static final String SWITCHING = String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "");

    static final String CLIENT_CLOSES = "\u0088\u0082\0\0\0\0\u0003\u00e8";
    static final String SERVER_CLOSES = "\u0088\u0002\u0003\u00e8";

    private static final char FINAL = 0x80;
    private static final char TEXT = 0x1;
    private static final char BINARY = 0x2;
    private static final char CONTINUATION = 0x0;
    private static final char PING = 0x9;
    private static final String NO_MASK = "\0\0\0\0";

    /** Of a length that is said by the second byte alone. */
    private static final int LONGEST = 125;

    private static final char LONGER = 126;

    private final Choice choice;
    private final boolean isClient;

    private Frames(Choice choice, boolean isClient) {
        this.choice = choice;
        this.isClient = isClient;
    }

    /** Up to three messages or pings of a client. */
    static String fromClient(Choice choice) {
        return new Frames(choice, true).some();
    }

    /** Up to three messages or pings of a backend. */
    static String fromServer(Choice choice) {
        return new Frames(choice, false).some();
    }

    private String some() {
        StringBuilder all = new StringBuilder();
        for (int left = choice.below(4); left > 0; left--) {
            all.append(message());
        }
        return all.toString();
    }

    /** A message may be in two frames, with a ping between them (section 5.4). */
    private String message() {
        String text = choice.text(choice.of(0, 1, 100, LONGEST, LONGEST + 1, 300));
        return switch (choice.below(4)) {
            case 0 -> frame((char) (FINAL | BINARY), text);
            case 1 -> ping();
            case 2 -> frame(TEXT, text) + (choice.oneIn(2) ? ping() : "") + frame((char) (FINAL | CONTINUATION), text);
            default -> frame((char) (FINAL | TEXT), text);
        };
    }

    private String ping() {
        return frame((char) (FINAL | PING), choice.text(choice.below(LONGEST)));
    }

    private String frame(char first, String text) {
        int length = text.length();
        int masked = isClient ? FINAL : 0;
        String said = length <= LONGEST
                ? "" + (char) (masked | length)
                : "" + (char) (masked | LONGER) + (char) (length >> Byte.SIZE) + (char) (length & 0xff);
        return first + said + (isClient ? NO_MASK : "") + text;
    }
}
