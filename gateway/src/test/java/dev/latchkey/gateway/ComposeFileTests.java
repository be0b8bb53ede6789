package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The gateways of docker-compose.yml notice a change of their files, also by an editor that replaces a file. */
final class ComposeFileTests {

    private static final Path ROOT = Path.of("..");
    private static final Pattern FOLLOWED = Pattern.compile("LATCHKEY_\\w+_FILE: /etc/latchkey/(\\S+)");

    @Test
    void filesWhenTheyAreFollowedThenTheirFolderIsMounted() throws IOException {
        String compose = Files.readString(ROOT.resolve("docker-compose.yml"));
        List<String> followed =
                FOLLOWED.matcher(compose).results().map(found -> found.group(1)).toList();
        assertThat(followed)
                .hasSize(2)
                .allMatch(file -> Files.exists(ROOT.resolve("deploy").resolve(file)));
        assertThat(compose).contains("- ./deploy:/etc/latchkey:ro\n");
        assertThat(followed).noneMatch(file -> compose.contains("/deploy/" + file + ":"));
    }
}
