package dev.latchkey.gateway.keycloak;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.springframework.util.FileSystemUtils;

/**
 * Keycloak's distribution, which Maven brings from where it brings everything else: 177 MB, so that it is no
 * dependency, and a build without a network goes without these stories.
 */
final class KeycloakDistribution {

    private static final String VERSION = "26.7.3";
    private static final String ARTIFACT = "keycloak-quarkus-dist-" + VERSION + ".zip";
    private static final Path FOLDER = Path.of("target", "keycloak").toAbsolutePath();
    private static final Path HOME = FOLDER.resolve("keycloak-" + VERSION);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static boolean isAway;

    private KeycloakDistribution() {}

    /** Where it is unpacked; skips the test where it cannot be had. */
    static synchronized Path home() {
        if (!Files.exists(HOME)) {
            try {
                Files.createDirectories(FOLDER);
                isAway = isAway || !download();
                assumeTrue(
                        !isAway,
                        "Keycloak cannot be had: Maven does not get org.keycloak:keycloak-quarkus-dist:" + VERSION
                                + " (see target/keycloak/maven.txt)");
                unpack();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return HOME;
    }

    private static boolean download() throws IOException {
        if (Files.exists(FOLDER.resolve(ARTIFACT))) {
            return true;
        }
        Process maven = new ProcessBuilder(List.of(
                        Path.of("..", "mvnw").toString(),
                        "--batch-mode",
                        "--no-transfer-progress",
                        "--non-recursive",
                        "--file",
                        Path.of("..", "pom.xml").toString(),
                        "dependency:copy",
                        "-Dartifact=org.keycloak:keycloak-quarkus-dist:" + VERSION + ":zip",
                        "-DoutputDirectory=" + FOLDER))
                .redirectErrorStream(true)
                .redirectOutput(FOLDER.resolve("maven.txt").toFile())
                .start();
        try {
            return maven.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    && maven.exitValue() == 0
                    && Files.exists(FOLDER.resolve(ARTIFACT));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
    }

    /** Beside its place first: what was begun and not finished is never taken for the whole. */
    private static void unpack() throws IOException {
        Path whole = Files.createTempDirectory(FOLDER, "unpacking");
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(FOLDER.resolve(ARTIFACT)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                unpack(zip, entry, whole);
            }
            Files.move(whole.resolve(HOME.getFileName()), HOME, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileSystemUtils.deleteRecursively(whole);
        }
    }

    private static void unpack(InputStream zip, ZipEntry entry, Path folder) throws IOException {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
        } else {
            Files.createDirectories(file.getParent());
            Files.copy(zip, file);
        }
    }
}
