package dev.latchkey.gateway.testing.redis;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Asks a server one thing on a connection of its own, without a client library between. */
final class Resp {

    private static final int LIMIT = 5000;

    private Resp() {}

    static String say(InetSocketAddress server, String command) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, LIMIT);
            socket.setSoTimeout(LIMIT);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            return answer(new BufferedInputStream(socket.getInputStream()));
        }
    }

    private static String answer(InputStream in) throws IOException {
        String line = line(in);
        String rest = line.isEmpty() ? "" : line.substring(1);
        if (line.startsWith("$") && !rest.equals("-1")) {
            String text = new String(in.readNBytes(Integer.parseInt(rest)), StandardCharsets.UTF_8);
            line(in);
            return text;
        }
        if (line.startsWith("*")) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(rest); i++) {
                parts.add(answer(in));
            }
            return String.join("\n", parts);
        }
        return rest;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
