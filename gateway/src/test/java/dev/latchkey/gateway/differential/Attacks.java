package dev.latchkey.gateway.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The attack lists of all rooms, as bytes that a client sends. What must become of them is said by the tests of those
 * rooms; here it only has to be the same.
 */
final class Attacks {

    private static final String HOST = " HTTP/1.1\r\nHost: shop.example\r\n";
    private static final String ADA = "Cookie: {{cookies:ada}}\r\n";

    private static final String HANDSHAKE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    private Attacks() {}

    static List<String> all() {
        List<String> all = new ArrayList<>();
        for (String path : firstColumn("../pipeline/paths/raw-paths.csv")) {
            all.add("GET " + bytes(path) + HOST + "\r\n");
            all.add("GET " + bytes(path) + HOST + ADA + "\r\n");
        }
        for (String line : firstColumn("../pipeline/forwarding/cookie-lines.csv")) {
            String ours = line.replace("__Host-", "");
            all.add("GET /open/x" + HOST + "Cookie: " + ours + "\r\n\r\n");
            all.add("GET /api/x" + HOST + "Cookie: " + ours + "; {{cookies:ada}}\r\n\r\n");
            all.add("GET /maybe/x" + HOST + ADA + "Cookie: " + ours + "\r\n\r\n");
        }
        for (String head : firstColumn("../listener/heads.csv")) {
            boolean isChunked = head.contains("Transfer-Encoding: ");
            all.add(Words.read(head).replace(" /a", " /open/a") + "\r\n\r\n" + (isChunked ? "0\r\n\r\n" : ""));
        }
        for (String path : Settings.lines("../page/return-path-tricks.txt")) {
            all.add("GET /open/x?return=" + bytes(Words.read(path)) + HOST + "\r\n");
        }
        // One that begins with the preface of HTTP/2 is a connection of that, which goes on for as long as its client.
        Settings.lines("framing.txt").stream()
                .filter(line -> !line.startsWith("PRI "))
                .forEach(line -> all.add(Words.read(line)));
        addresses(all);
        crossSite(all);
        lastGateways(all);
        return List.copyOf(all);
    }

    private static void addresses(List<String> all) {
        for (String line : Settings.lines("../pipeline/forwarding/client-addresses.csv")) {
            for (String forwarded : line.split("\\|", -1)[1].split("\\+", -1)) {
                all.add("GET /open/x" + HOST + "X-Forwarded-For: " + forwarded.trim() + "\r\n\r\n");
            }
        }
    }

    /** Questions to the gateway itself, and such as look like them. */
    private static void lastGateways(List<String> all) {
        for (String method : List.of("OPTIONS", "GET")) {
            for (String hops : List.of("0", "000", "1", "x", "1\r\nMax-Forwards: 0")) {
                all.add(method + " /open/x" + HOST + "Max-Forwards: " + hops + "\r\n\r\n");
                all.add(method + " /probed/x" + HOST + ADA + "Max-Forwards: " + hops + "\r\n\r\n");
            }
        }
    }

    /** The backend switches for none of the handshakes. */
    private static void crossSite(List<String> all) {
        List<String> lines = Settings.lines("../pipeline/crosssite/requests.csv");
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\\|", -1);
            boolean isHandshake = columns[1].toLowerCase(Locale.ROOT).contains("websocket");
            String fields =
                    fields("Upgrade", columns[1]) + fields("Origin", columns[2]) + fields("Sec-Fetch-Site", columns[3]);
            all.add(columns[0].trim() + " /api/x" + HOST + ADA + fields + (isHandshake ? HANDSHAKE : "") + "\r\n");
        }
    }

    private static String fields(String name, String column) {
        StringBuilder all = new StringBuilder();
        if (!column.trim().equals("-")) {
            for (String value : column.split("\\+", -1)) {
                all.append(name)
                        .append(": ")
                        .append(value.trim().replace("''", ""))
                        .append("\r\n");
            }
        }
        return all.toString();
    }

    private static List<String> firstColumn(String file) {
        return Settings.lines(file).stream()
                .map(line -> line.substring(0, line.lastIndexOf('|')).trim())
                .toList();
    }

    /** As it goes over the wire: UTF-8. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
