package dev.latchkey.gateway.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A Keycloak process with the realm of the stories and a database in its memory; the port is of its own choice. */
final class Keycloak implements AutoCloseable {

    static final String ADMIN = "admin";

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");

    /** It lives for a few minutes: the second compiler would cost more than it gives. */
    private static final String JVM = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms128m -Xmx512m";

    private final Path log;
    private final Process process;
    private final Thread atExit = new Thread(this::end, "keycloak-end");

    private Keycloak(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts one and waits until it listens. The first time after it was unpacked it builds itself anew.
     *
     * @param realm in JSON
     * @param origin at which everybody sees it
     */
    static Keycloak start(String realm, String origin) {
        Path home = KeycloakDistribution.home();
        try {
            Path folder = Files.createDirectories(home.resolve("data").resolve("import"));
            Files.writeString(folder.resolve("realm.json"), realm);
            Path log = home.resolveSibling("keycloak.txt");
            Keycloak keycloak = new Keycloak(launch(home, origin, log), log);
            keycloak.awaitListening();
            return keycloak;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Process launch(Path home, String origin, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                home.resolve("bin").resolve("kc.sh").toString(),
                "start-dev",
                "--import-realm",
                "--db=dev-mem",
                "--cache=local",
                "--http-host=127.0.0.1",
                "--http-port=0",
                "--hostname=" + origin);
        builder.environment()
                .putAll(Map.of(
                        "KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN, "JAVA_OPTS", JVM));
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private void awaitListening() {
        Awaitility.await("Keycloak, which writes to " + log)
                .atMost(LIMIT)
                .failFast("Keycloak ended: see " + log, () -> !process.isAlive())
                .until(() -> listening().find());
    }

    private Matcher listening() {
        try {
            return LISTENING.matcher(Files.readString(log));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where it listens itself. */
    String url() {
        Matcher matcher = listening();
        if (!matcher.find()) {
            throw new IllegalStateException("not listening");
        }
        return matcher.group(1);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
