package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three files of the README, copied from it, are a gateway that starts and works. */
final class ReadmeIT {

    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

    @TempDir
    private Path folder;

    @Test
    void configurationWhenCopiedFromTheReadmeThenTheGatewayServes() throws IOException {
        KeyDirectory.create(folder.resolve("keys"), IdentityAlgorithm.DEFAULT, InstantSource.system());
        write("application.yml", "latchkey:\n");
        write("routes.yml", "# routes.yml\n");
        write("users.yml", "users:\n");
        try (RedisProcess redis = RedisProcess.start();
                Gateway gateway = Gateway.start(properties(redis))) {
            Browser browser = new Browser(gateway.url());
            assertThat(browser.get("/api/orders/7").statusCode())
                    .as("for another host")
                    .isEqualTo(404);
            assertThat(RawConnection.status(gateway.port(), forItsHost(""))).isEqualTo(401);
            assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(200);
            assertThat(browser.jar()).containsKey("__Host-latchkey-access");
            assertThat(RawConnection.status(gateway.port(), forItsHost("Cookie: " + browser.cookies() + "\r\n")))
                    .as("let through, to a backend that is not there")
                    .isEqualTo(502);
        }
    }

    private static String forItsHost(String lines) {
        return "GET /api/orders/7 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n" + lines + "\r\n";
    }

    private Map<String, Object> properties(RedisProcess redis) {
        return Map.of(
                "spring.config.additional-location",
                folder.toUri(),
                "spring.data.redis.host",
                "127.0.0.1",
                "spring.data.redis.port",
                redis.port(),
                "server.port",
                0,
                "management.server.port",
                0);
    }

    /** Writes the block that begins so; only the folder and the shortened hash are of the test. */
    private void write(String name, String beginning) throws IOException {
        Matcher blocks = YAML.matcher(Files.readString(Path.of("..", "README.md")));
        String block = blocks.results()
                .map(match -> match.group(1))
                .filter(text -> text.startsWith(beginning))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                folder.resolve(name),
                block.replace("/etc/latchkey", folder.toString()).replace("{bcrypt}$2a$10$...", Resources.hash("ada")));
    }
}
