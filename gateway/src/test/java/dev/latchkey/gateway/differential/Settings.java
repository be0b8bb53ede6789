package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What both sides have in common. */
final class Settings {

    private Settings() {}

    static Map<String, Object> of(Path folder, Path keys, LocalCertificate certificate, int redis) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", 0);
        properties.put("management.server.port", -1);
        properties.put("spring.data.redis.host", "127.0.0.1");
        properties.put("spring.data.redis.port", redis);
        properties.put("spring.data.redis.timeout", "5s");
        properties.put("spring.ssl.bundle.pem.authority.truststore.certificate", "file:" + certificate.certificate());
        properties.put("latchkey.issuer", World.ISSUER);
        properties.put("latchkey.public-origins", World.ORIGIN + ",http://localhost:8080");
        properties.put("latchkey.cross-site.allowed-origins", "https://app.example");
        properties.put("latchkey.token.access-ttl", World.ACCESS.toString());
        properties.put("latchkey.rotation.grace", World.GRACE.toString());
        properties.put("latchkey.cookies.prefix", "latchkey-");
        properties.put("latchkey.cookies.secure", false);
        properties.put("latchkey.answers.early-hints", true);
        properties.put("latchkey.keys.directory", keys.toString());
        properties.put("latchkey.keys.poll-interval", "100ms");
        properties.put(
                "latchkey.users.file", folder.resolve("users.yml").toUri().toString());
        properties.put("latchkey.users.poll-interval", "100ms");
        properties.put("latchkey.routes.file", folder.resolve("routes.yml").toString());
        properties.put("latchkey.routes.poll-interval", "100ms");
        // A machine that is busy must not make it stale by itself.
        properties.put("latchkey.denylist.stale-after", "5s");
        properties.put("latchkey.listener.body-timeout", "5s");
        properties.put("latchkey.backends.dns.min-ttl", "100ms");
        properties.put("latchkey.backends.dns.max-ttl", "200ms");
        properties.put("latchkey.http2.cleartext", true);
        for (String limit : List.of("per-address", "per-name-and-address", "per-name", "successes-per-name")) {
            properties.put("latchkey.sign-in." + limit, 1_000_000);
        }
        properties.put("logging.level.dev.latchkey", "error");
        return properties;
    }

    /** A file beside the tests, named as from the room of this package or, with a slash, of another. */
    static String text(String file) {
        try (InputStream in = Settings.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The lines of such a file that are no remarks. */
    static List<String> lines(String file) {
        return text(file)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
