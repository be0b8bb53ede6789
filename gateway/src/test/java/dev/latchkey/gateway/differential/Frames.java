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

    private static final int LONGEST = 125;

    private Frames() {}

    static String fromClient(String text) {
        return "\u0081" + (char) (0x80 | length(text)) + "\0\0\0\0" + text;
    }

    static String fromServer(String text) {
        return "\u0081" + (char) length(text) + text;
    }

    private static int length(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("too long: " + text.length());
        }
        return text.length();
    }
}
