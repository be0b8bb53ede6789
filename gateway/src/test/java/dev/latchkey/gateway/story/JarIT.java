package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What the jar says of itself to the JVM. */
final class JarIT {

    private static final Path JAR = Path.of("target", "gateway.jar");

    /** From JDK 24 on the JVM warns of Netty's native transport where that is not allowed (JEP 472). */
    @Test
    void manifestWhenReadThenNativeAccessIsAllowed() throws IOException {
        assumeTrue(Files.exists(JAR), "the jar is not built: ./mvnw -DskipTests package");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Enable-Native-Access"))
                    .isEqualTo("ALL-UNNAMED");
        }
    }
}
