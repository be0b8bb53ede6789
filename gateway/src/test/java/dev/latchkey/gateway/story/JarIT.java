package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What the jar holds, and what it says of itself to the JVM. */
final class JarIT {

    private static final Path JAR = Path.of("target", "gateway.jar");

    /**
     * A server for tests, the natives of QUIC, and what only other systems than Linux can load are a third of a jar
     * that has them.
     */
    @Test
    void librariesWhenListedThenNoneThatTheGatewayNeverUses() throws IOException {
        assumeTrue(Files.exists(JAR), "the jar is not built: ./mvnw -DskipTests package");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> libraries = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith("BOOT-INF/lib/"))
                    .toList();
            assertThat(libraries)
                    .noneMatch(
                            name -> name.matches(".*(embedded-redis|native-quic|osx|macos|kqueue|windows|io_uring).*"))
                    .filteredOn(name -> name.contains("-native-epoll-"))
                    .extracting(name -> name.replaceFirst(".*-(linux-.*)\\.jar", "$1"))
                    .containsExactlyInAnyOrder("linux-x86_64", "linux-aarch_64");
        }
    }

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
