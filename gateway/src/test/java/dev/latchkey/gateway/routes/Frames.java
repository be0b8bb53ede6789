package dev.latchkey.gateway.routes;

/** Frames of WebSockets (RFC 6455 section 5.2), a character for each byte. */
final class Frames {

    static final int TEXT = 0x81;
    static final int BINARY = 0x82;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8a;

    private static final String MASK = "\1\2\3\4";

    private Frames() {}

    /** A whole frame as a client sends it, masked. */
    static String fromClient(int first, String payload) {
        return frame(first, 0x80, MASK, masked(payload));
    }

    /** A whole frame as a backend sends it. */
    static String fromBackend(int first, String payload) {
        return frame(first, 0, "", payload);
    }

    private static String masked(String payload) {
        StringBuilder masked = new StringBuilder(payload);
        for (int at = 0; at < masked.length(); at++) {
            masked.setCharAt(at, (char) (payload.charAt(at) ^ MASK.charAt(at & 3)));
        }
        return masked.toString();
    }

    private static String frame(int first, int mask, String key, String payload) {
        int length = payload.length();
        StringBuilder frame = new StringBuilder(length + 14).append((char) first);
        if (length < 126) {
            frame.append((char) (mask | length));
        } else if (length < 65_536) {
            frame.append((char) (mask | 126)).append((char) (length >> 8)).append((char) (length & 0xff));
        } else {
            frame.append((char) (mask | 127)).append("\0\0\0\0");
            for (int shift = 24; shift >= 0; shift -= 8) {
                frame.append((char) ((length >> shift) & 0xff));
            }
        }
        return frame.append(key).append(payload).toString();
    }

    /** The payload of a close frame. */
    static String code(int code) {
        return "" + (char) (code >> 8) + (char) (code & 0xff);
    }

    /** What the gateway says to a client when it ends a WebSocket. */
    static String closeToClient(int code) {
        return fromBackend(CLOSE, code(code));
    }

    /** The code of a close frame that a backend gets, whatever its mask is. */
    static String unmasked(String close) {
        return close.substring(0, 2)
                + (char) (close.charAt(6) ^ close.charAt(2))
                + (char) (close.charAt(7) ^ close.charAt(3));
    }

    /** What the gateway says to a backend when it ends a WebSocket, by {@link #unmasked}. */
    static String closeToBackend(int code) {
        return "\u0088\u0082" + code(code);
    }

    /** So many bytes, among them all that there are. */
    static String payload(int length) {
        StringBuilder payload = new StringBuilder(length);
        for (int at = 0; at < length; at++) {
            payload.append((char) ((at * 31 + at / 251) & 0xff));
        }
        return payload.toString();
    }
}
