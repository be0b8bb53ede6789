package dev.latchkey.gateway.routes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Conversations that try the whole of RFC 6455 section 5 to 8 on a server: frames of all sizes, control frames,
 * reserved bits and opcodes, fragments, UTF-8 and codes of a close. What follows a fault is sent with it, because a
 * server that closes would reset a client that is still sending.
 */
final class FrameCases {

    private static final String CLOSE = Frames.fromClient(Frames.CLOSE, Frames.code(1000));
    private static final String FIRST = Frames.fromClient(Frames.TEXT, "first");

    private final List<Case> all = new ArrayList<>();

    private FrameCases() {}

    /** Pieces that a client sends one after the other; the last of them makes the server close. */
    record Case(String name, List<String> pieces) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> all() {
        FrameCases cases = new FrameCases();
        cases.sizes();
        cases.controls();
        cases.reserved();
        cases.fragments();
        cases.texts();
        cases.closes();
        return cases.all.stream();
    }

    private void valid(String name, String... pieces) {
        all.add(new Case(
                name, Stream.concat(Arrays.stream(pieces), Stream.of(CLOSE)).toList()));
    }

    private void ending(String name, String... frames) {
        all.add(new Case(name, List.of(FIRST, String.join("", frames) + CLOSE)));
    }

    private static String[] chopped(String bytes, int length) {
        return IntStream.range(0, (bytes.length() + length - 1) / length)
                .mapToObj(piece -> bytes.substring(piece * length, Math.min(bytes.length(), (piece + 1) * length)))
                .toArray(String[]::new);
    }

    private void sizes() {
        for (int length : new int[] {0, 1, 125, 126, 127, 128, 65_535, 65_536, 1_000_000}) {
            valid("text of " + length, Frames.fromClient(Frames.TEXT, "*".repeat(length)));
            valid("binary of " + length, Frames.fromClient(Frames.BINARY, Frames.payload(length)));
        }
        valid("binary of 16 MB", Frames.fromClient(Frames.BINARY, Frames.payload(16 * 1024 * 1024)));
        valid("text in pieces", chopped(Frames.fromClient(Frames.TEXT, "*".repeat(65_536)), 997));
        valid("text byte by byte", chopped(Frames.fromClient(Frames.TEXT, "*".repeat(130)), 1));
    }

    private void controls() {
        for (String payload : List.of("", "hello", "\0\u00ff\u00fe\u00fd", "\u00fe".repeat(125))) {
            valid("ping of " + payload.length(), Frames.fromClient(Frames.PING, payload));
            valid("pong of " + payload.length(), Frames.fromClient(Frames.PONG, payload), FIRST);
        }
        valid("ping byte by byte", chopped(Frames.fromClient(Frames.PING, "hello"), 1));
        valid("ten pings", Frames.fromClient(Frames.PING, "again").repeat(10));
        ending("ping of 126", Frames.fromClient(Frames.PING, "*".repeat(126)));
        ending("ping in fragments", Frames.fromClient(0x09, "a"), Frames.fromClient(0x80, "b"));
        ending("pong in fragments", Frames.fromClient(0x0a, "a"), Frames.fromClient(0x80, "b"));
    }

    private void reserved() {
        for (int bits = 1; bits < 8; bits++) {
            for (int first : new int[] {Frames.TEXT, Frames.BINARY, Frames.PING, Frames.CLOSE}) {
                ending("bits " + bits + " in " + first, Frames.fromClient(first | (bits << 4), ""), FIRST);
            }
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            ending("opcode " + opcode, Frames.fromClient(0x80 | opcode, ""), FIRST);
            ending("opcode " + opcode + " with a payload", Frames.fromClient(0x80 | opcode, "*".repeat(200)), FIRST);
        }
    }

    private void fragments() {
        String begin = Frames.fromClient(0x01, "frag");
        String end = Frames.fromClient(0x80, "ment");
        String ping = Frames.fromClient(Frames.PING, "between");
        valid("two fragments", begin, end);
        valid("two fragments at once", begin + end);
        valid("fragments with a ping", begin, ping, end);
        valid("fragments with pings at once", begin + ping + Frames.fromClient(0x00, "") + ping + end);
        valid("fragments byte by byte", chopped(begin + ping + end, 1));
        valid("empty fragments", Frames.fromClient(0x01, ""), Frames.fromClient(0x00, ""), Frames.fromClient(0x80, ""));
        valid("two messages in fragments", begin, end, Frames.fromClient(0x02, "\u00ff"), ping, end);
        valid(
                "many fragments",
                begin + Frames.fromClient(0x00, "x".repeat(1300)).repeat(50) + end);
        ending("end without a beginning", end, FIRST);
        ending("middle without a beginning", Frames.fromClient(0x00, "frag"), FIRST);
        ending("end after an end", begin, end, end, FIRST);
        ending("text between fragments", begin, FIRST, end);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void texts() {
        String word = utf8("\u03ba\u1f79\u03c3\u03bc\u03b5 \ud83d\udd11 \uffff");
        valid("UTF-8", Frames.fromClient(Frames.TEXT, word));
        valid("UTF-8 byte by byte", chopped(Frames.fromClient(Frames.TEXT, word), 1));
        for (int cut = 1; cut < word.length(); cut++) {
            String begin = Frames.fromClient(0x01, word.substring(0, cut));
            valid("UTF-8 cut at " + cut, begin, Frames.fromClient(0x80, word.substring(cut)));
        }
        List<String> faults = List.of(
                "\u0080", "\u00c0\u00af", "\u00e1\u00bd", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00ff");
        for (String fault : faults) {
            String hex = fault.chars().mapToObj(Integer::toHexString).collect(Collectors.joining());
            ending("not UTF-8: " + hex, Frames.fromClient(Frames.TEXT, word + fault), FIRST);
            ending("not UTF-8 at last: " + hex, Frames.fromClient(0x01, word), Frames.fromClient(0x80, fault), FIRST);
            ending("no reason in UTF-8: " + hex, Frames.fromClient(Frames.CLOSE, Frames.code(1000) + fault));
        }
    }

    private void closes() {
        ending("close without a code", Frames.fromClient(Frames.CLOSE, ""));
        ending("close of one byte", Frames.fromClient(Frames.CLOSE, "\3"));
        ending("close with a reason", Frames.fromClient(Frames.CLOSE, Frames.code(1001) + "going"));
        ending("close with a long reason", Frames.fromClient(Frames.CLOSE, Frames.code(1000) + "*".repeat(123)));
        ending("close with too long a reason", Frames.fromClient(Frames.CLOSE, Frames.code(1000) + "*".repeat(124)));
        ending("close, then text", CLOSE, FIRST);
        ending("close, then ping", CLOSE, Frames.fromClient(Frames.PING, ""));
        ending("close between fragments", Frames.fromClient(0x01, "frag"), CLOSE, Frames.fromClient(0x80, "ment"));
        int[] codes = {
            0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015,
            1016, 1100, 2000, 2999, 3000, 3999, 4000, 4999, 5000, 65_535
        };
        for (int code : codes) {
            ending("close with " + code, Frames.fromClient(Frames.CLOSE, Frames.code(code)));
        }
    }
}
