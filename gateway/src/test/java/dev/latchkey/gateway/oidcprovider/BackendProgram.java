package dev.latchkey.gateway.oidcprovider;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A backend of another language that verifies a token with its library, as docs/backends.md shows it. */
enum BackendProgram {
    JOSE("verify.mjs") {
        @Override
        List<String> command() throws IOException {
            return List.of("node", written(OidcProviderPackage.home()).toString());
        }
    },

    AUTHLIB("verify.py") {
        @Override
        List<String> command() throws IOException {
            String python = Stream.of("python3", "/usr/bin/python3")
                    .filter(each -> run(List.of(each, "-c", "import authlib.jose, requests"))
                            .isGood())
                    .findFirst()
                    .orElse("");
            assumeTrue(!python.isEmpty(), "Authlib is not installed: apt-get install python3-authlib python3-requests");
            return List.of(python, written(FOLDER).toString());
        }
    },

    GO_OIDC("verify.go") {
        @Override
        List<String> command() throws IOException {
            assumeTrue(
                    Files.isDirectory(GO_PATH.resolve("src/github.com/coreos/go-oidc"))
                            && run(List.of("go", "version")).isGood(),
                    "go-oidc is not installed: apt-get install golang-go golang-github-coreos-go-oidc-dev");
            String program = FOLDER.resolve("verify").toString();
            Run build =
                    run(List.of("go", "build", "-o", program, written(FOLDER).toString()));
            if (!build.isGood()) {
                throw new IllegalStateException(build.said());
            }
            return List.of(program);
        }

        /** Debian has version 2, which has another path and the same functions. */
        @Override
        String source() throws IOException {
            return super.source()
                    .replace("\"github.com/coreos/go-oidc/v3/oidc\"", "oidc \"github.com/coreos/go-oidc\"");
        }
    };

    static final Path FOLDER = Path.of("target", "backends").toAbsolutePath();
    static final Path GO_PATH = Path.of("/usr/share/gocode");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String file;

    BackendProgram(String file) {
        this.file = file;
    }

    /** How it is started; skips the test where its library is not installed. */
    abstract List<String> command() throws IOException;

    /** As the page has it. */
    String shown() throws IOException {
        try (InputStream in = BackendProgram.class.getResourceAsStream("backends/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    String source() throws IOException {
        return shown();
    }

    Path written(Path folder) throws IOException {
        return Files.writeString(Files.createDirectories(folder).resolve(file), source());
    }

    /** What it says to a token, of an issuer of which it knows nothing else. */
    static Run run(List<String> command, String issuer, String token) {
        return run(Stream.concat(command.stream(), Stream.of(issuer, token)).toList());
    }

    static Run run(List<String> command) {
        try {
            Files.createDirectories(FOLDER);
            File said = Files.createTempFile(FOLDER, "said", ".txt").toFile();
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said);
            builder.environment()
                    .putAll(Map.of(
                            "GO111MODULE",
                            "off",
                            "GOPATH",
                            GO_PATH.toString(),
                            "GOCACHE",
                            FOLDER.resolve("go-cache").toString(),
                            "CGO_ENABLED",
                            "0",
                            "NO_PROXY",
                            "*",
                            "PYTHONWARNINGS",
                            "ignore"));
            Process process = builder.start();
            try {
                boolean isOver = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
                return new Run(isOver && process.exitValue() == 0, Files.readString(said.toPath()));
            } finally {
                process.destroyForcibly();
                Files.delete(said.toPath());
            }
        } catch (IOException absent) {
            return new Run(false, String.valueOf(absent.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /**
     * One run.
     *
     * @param isGood whether it ended well
     * @param said by its output and its errors
     */
    record Run(boolean isGood, String said) {}
}
