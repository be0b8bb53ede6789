package dev.latchkey.gateway.oidcprovider;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/** The packages of the provider in exactly the versions of the lock file, which npm brings from where it is told to. */
final class OidcProviderPackage {

    private static final Path FOLDER = Path.of("target", "oidc-provider").toAbsolutePath();
    private static final Path HOME = FOLDER.resolve("installed");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "provider.mjs");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** The first that runs the provider. */
    private static final String NODE_VERSION =
            "const [major] = process.versions.node.split('.');" + " process.exit(Number(major) >= 20 ? 0 : 1)";

    private OidcProviderPackage() {}

    /** Where it is installed; skips the tests where it cannot be. */
    static Path home() {
        try {
            Files.createDirectories(FOLDER);
            assumeTrue(
                    run(FOLDER, "node", "-e", NODE_VERSION), "oidc-provider needs Node.js 20 or newer: there is none");
            installOnce();
            return HOME;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Tests of another process may need it at the same time. */
    private static void installOnce() throws IOException {
        try (FileChannel guard =
                FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock unused = guard.lock();
            if (!isInstalled()) {
                install();
            }
        }
    }

    /** With these files, and no older ones. */
    private static boolean isInstalled() throws IOException {
        for (String name : FILES) {
            Path file = HOME.resolve(name);
            if (!Files.exists(file) || !Files.readString(file).equals(resource(name))) {
                return false;
            }
        }
        return true;
    }

    /** Beside its place first: what was begun and not finished is never taken for the whole. */
    private static void install() throws IOException {
        Path whole = Files.createTempDirectory(FOLDER, "installing");
        try {
            for (String name : FILES) {
                Files.writeString(whole.resolve(name), resource(name));
            }
            assumeTrue(
                    run(whole, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
                    "oidc-provider cannot be had: npm does not bring its packages (see target/oidc-provider/npm.txt)");
            FileSystemUtils.deleteRecursively(HOME);
            Files.move(whole, HOME, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileSystemUtils.deleteRecursively(whole);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = OidcProviderPackage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Whether a program is there and ends well in time. */
    private static boolean run(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve(command[0] + ".txt").toFile())
                    .start();
            try {
                return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
