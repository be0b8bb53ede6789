package dev.latchkey.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Routes to one server for anyone: {@code /lane/**} by the lane, and {@code /chain/**} through the filter chain. */
public final class BothWays {

    private BothWays() {}

    public static Path routes(ServerSocket server) {
        try {
            Path file = Files.createTempFile("latchkey-both-ways", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file, "version: 1\nroutes:\n" + route("lane", "on", server) + route("chain", "off", server));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String route(String id, String lane, ServerSocket server) {
        return "  - { id: %s, match: { path: /%s/** }, to: 'http://127.0.0.1:%d', entry: { access: public }, lane: %s }\n"
                .formatted(id, id, server.getLocalPort(), lane);
    }
}
