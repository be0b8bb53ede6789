import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Builds and runs the whole demo with one command: {@code java etc/Demo.java}.
 *
 * <p>It starts the gateway, both sample backends and the sample OpenID Provider, waits until they are ready, and stops
 * all of them when it is stopped itself. The gateway starts the first redis-server of the PATH that is new enough; the
 * build unpacks one for Linux and macOS, which is put first there. {@code --no-build} takes the jars as they are; any
 * other argument is passed on to the gateway, such as {@code --latchkey.token.access-ttl=10s}. Kept to the language of
 * Java 11, so that an old JDK gets a sentence instead of compiler errors.
 */
public final class Demo {

    private static final Duration START_LIMIT = Duration.ofSeconds(300);
    private static final Duration METADATA_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final int TAIL_LINES = 30;

    /** Programs with this little to do spend less on the start without the second one. */
    private static final String FIRST_COMPILER_ALONE = "-XX:TieredStopAtLevel=1";

    private static final String SMALLEST_COLLECTOR = "-XX:+UseSerialGC";

    private static final String READINESS = "/actuator/health/readiness";

    private final Path root;
    private final Path logs;
    private final List<Child> children = new CopyOnWriteArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    private Demo(Path root) {
        this.root = root;
        this.logs = root.resolve("target").resolve("demo");
    }

    public static void main(String[] arguments) throws Exception {
        try {
            if (Runtime.version().feature() < 17) {
                throw new Refusal("The demo needs a JDK 17 or newer; this is Java " + Runtime.version().feature() + ".");
            }
            List<String> forGateway = new ArrayList<>(Arrays.asList(arguments));
            boolean build = !forGateway.remove("--no-build");
            new Demo(findRoot()).run(build, forGateway);
        } catch (Refusal refusal) {
            if (!refusal.getMessage().isEmpty()) {
                System.err.println(refusal.getMessage());
            }
            System.exit(1);
        }
    }

    private void run(boolean build, List<String> forGateway) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll, "stop"));
        refuseUsedPorts();
        Files.createDirectories(logs);
        if (build) {
            build();
        }
        String path = unpackedServer() + File.pathSeparator + System.getenv("PATH");
        String secret = UUID.randomUUID().toString();
        start(
                "provider",
                "http://127.0.0.1:8083/.well-known/openid-configuration",
                providerCommand(),
                Map.of("SAMPLE_CLIENT_SECRET", secret));
        start("gateway", "http://127.0.0.1:9090" + READINESS, gatewayCommand(secret, forGateway), Map.of("PATH", path));
        start("orders", "http://127.0.0.1:8081" + READINESS, backendCommand("orders", 8081), Map.of());
        start("profile", "http://127.0.0.1:8082" + READINESS, backendCommand("profile,thief", 8082), Map.of());
        say("Starting the gateway, its Redis, two backends and a provider; logs are in " + root.relativize(logs)
                + " ...");
        HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        awaitReady(http);
        awaitMetadata(http);
        greet();
        throw deathNotice();
    }

    /* ---- before the start ---- */

    private static Path findRoot() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw")) && Files.isDirectory(folder.resolve("sample-backend"))) {
                return folder;
            }
        }
        throw new Refusal("Run this in the folder of the project: java etc/Demo.java");
    }

    private static void refuseUsedPorts() {
        List<String> used = new ArrayList<>();
        addIfUsed(used, 8080, "the gateway");
        addIfUsed(used, 9090, "its management");
        addIfUsed(used, 8081, "the backend orders");
        addIfUsed(used, 8082, "the backend profile");
        addIfUsed(used, 8083, "the sample provider");
        if (!used.isEmpty()) {
            throw new Refusal("Another program already listens on " + String.join(" and on ", used)
                    + ". Stop it (perhaps an earlier demo) and start again.");
        }
    }

    private static void addIfUsed(List<String> used, int port, String owner) {
        if (answers(port) || !canListen(port)) {
            used.add("port " + port + ", which " + owner + " needs");
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private static boolean canListen(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private void build() throws Exception {
        say("Building; the first time this downloads the libraries and takes some minutes ...");
        List<String> command = new ArrayList<>(
                isWindows()
                        ? List.of("cmd", "/c", root.resolve("mvnw.cmd").toString())
                        : List.of("sh", root.resolve("mvnw").toString()));
        command.addAll(List.of("-q", "-B", "-Dmaven.test.skip=true", "-Djacoco.skip=true", "package"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile()).inheritIO();
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Child maven = new Child("build", null, null, builder.start());
        children.add(maven);
        if (maven.process.waitFor() != 0) {
            throw refusalUnlessStopping("The build failed; the reason stands above.");
        }
        children.remove(maven);
    }

    /* ---- the children ---- */

    private List<String> gatewayCommand(String secret, List<String> more) throws IOException {
        List<String> command = javaCommand("gateway", gatewayOptions());
        command.add("--spring.profiles.active=demo");
        command.add("--spring.config.additional-location="
                + root.resolve("sample-provider").resolve("gateway.yml").toUri());
        command.add("--latchkey.providers.sample.client-secret-file=" + secretFile(secret));
        command.addAll(more);
        return command;
    }

    /** Those of any gateway (docs/operations.md), with less memory. */
    private String[] gatewayOptions() {
        Path folder = root.resolve("deploy");
        List<String> options = new ArrayList<>(List.of("@" + folder.resolve("jvm.options"), "-Xmx512m"));
        if (Runtime.version().feature() == 25) {
            options.add("@" + folder.resolve("jvm25.options"));
        }
        return options.toArray(new String[0]);
    }

    /** With it the gateway proves to the provider who it is; only this user can read it, and it goes with the demo. */
    private static Path secretFile(String secret) throws IOException {
        Path file = Files.createTempFile("latchkey-demo", ".secret");
        file.toFile().deleteOnExit();
        return Files.write(file, secret.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> providerCommand() {
        return javaCommand("sample-provider", "-Xmx128m", SMALLEST_COLLECTOR, FIRST_COMPILER_ALONE);
    }

    /** A folder with the server of this machine's kind; with none on Windows, for which there is only an old one. */
    private Path unpackedServer() throws IOException {
        Path folder = Files.createDirectories(root.resolve("demo").resolve("target").resolve("bin"));
        String name = System.getProperty("os.name");
        String system = name.startsWith("Linux") ? "linux" : name.startsWith("Mac") ? "darwin" : "none";
        String machine = "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
        Path servers = folder.resolveSibling("servers");
        if (Files.isDirectory(servers)) {
            try (DirectoryStream<Path> fit =
                    Files.newDirectoryStream(servers, "redis-server-*-" + system + "-" + machine)) {
                for (Path server : fit) {
                    Path copy = folder.resolve("redis-server");
                    Files.copy(server, copy, StandardCopyOption.REPLACE_EXISTING);
                    copy.toFile().setExecutable(true);
                }
            }
        }
        return folder;
    }

    private List<String> backendCommand(String profiles, int port) {
        List<String> command = javaCommand("sample-backend", "-Xmx256m", SMALLEST_COLLECTOR, FIRST_COMPILER_ALONE);
        command.addAll(List.of(
                "--spring.profiles.active=" + profiles, "--server.address=127.0.0.1", "--server.port=" + port));
        return command;
    }

    private List<String> javaCommand(String module, String... options) {
        Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
        if (!Files.exists(jar)) {
            throw new Refusal("There is no " + root.relativize(jar) + "; run the demo without --no-build.");
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", isWindows() ? "java.exe" : "java");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        return command;
    }

    private void start(String name, String health, List<String> command, Map<String, String> environment)
            throws IOException {
        Path log = logs.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        children.add(new Child(name, URI.create(health), log, builder.start()));
    }

    private void awaitReady(HttpClient http) throws Exception {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        List<Child> waiting = new ArrayList<>(children);
        while (!waiting.isEmpty()) {
            for (Child child : children) {
                child.rememberDescendants();
            }
            waiting.removeIf(child -> child.isReady(http));
            if (System.nanoTime() > deadline) {
                throw new Refusal("The process " + waiting.get(0).name + " was not ready after " + START_LIMIT.toSeconds()
                        + " s." + waiting.get(0).tail());
            }
            try {
                anyDeath().get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                throw deathNotice();
            } catch (TimeoutException allAlive) {
                continue;
            }
        }
        children.forEach(Child::rememberDescendants);
    }

    /** A gateway that was up before the provider asks it again after some seconds; until then nobody signs in with it. */
    private void awaitMetadata(HttpClient http) throws Exception {
        URI health = URI.create("http://127.0.0.1:9090/actuator/health/providers");
        long deadline = System.nanoTime() + METADATA_LIMIT.toNanos();
        boolean isStopping = false;
        while (!isStopping && System.nanoTime() < deadline && !says(http, health, "\"UP\"")) {
            isStopping = stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static boolean says(HttpClient http, URI address, String text) {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(2)).build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains(text);
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<Object> anyDeath() {
        return CompletableFuture.anyOf(
                children.stream().map(child -> child.process.onExit()).toArray(CompletableFuture[]::new));
    }

    private Refusal deathNotice() throws InterruptedException {
        anyDeath().join();
        Child dead =
                children.stream().filter(child -> !child.process.isAlive()).findFirst().orElseThrow();
        return refusalUnlessStopping(dead.obituary());
    }

    /** Ctrl-C reaches the children too, perhaps before us; the user who pressed it knows why they end. */
    private Refusal refusalUnlessStopping(String sentence) throws InterruptedException {
        return new Refusal(stopping.await(500, TimeUnit.MILLISECONDS) ? "" : sentence);
    }

    private static void greet() {
        say("");
        say("Latchkey runs:   http://localhost:8080/");
        say("Sign in with a password as       demo / demo     a customer");
        say("                                 admin / admin   an admin");
        say("or with the sample provider as   ada / ada       a customer");
        say("                                 grace / grace   an admin");
        say("Stop with        Ctrl-C");
        say("");
    }

    /* ---- the end ---- */

    /** Runs on Ctrl-C, on SIGTERM and after a failure; asks politely first, and leaves nothing behind. */
    private void stopAll() {
        stopping.countDown();
        if (children.isEmpty()) {
            return;
        }
        say("Stopping ...");
        children.forEach(Child::rememberDescendants);
        // The wrapper script of a build does not pass a signal on.
        children.stream().filter(child -> child.log == null).forEach(Child::killDescendants);
        children.forEach(child -> child.process.destroy());
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        for (Child child : children) {
            child.awaitExit(deadline - System.nanoTime());
        }
        children.forEach(Child::killDescendants);
        say("Stopped.");
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    private static void say(String line) {
        System.out.println(line);
    }

    /** One process that the demo started, and what that process started in turn. */
    private static final class Child {

        private final String name;
        private final URI health;
        private final Path log;
        private final Process process;
        private final Set<ProcessHandle> descendants = new LinkedHashSet<>();

        Child(String name, URI health, Path log, Process process) {
            this.name = name;
            this.health = health;
            this.log = log;
            this.process = process;
        }

        boolean isReady(HttpClient http) {
            return says(http, health, "");
        }

        /** A Redis outlives a gateway that was killed; its process id would be lost. */
        synchronized void rememberDescendants() {
            process.descendants().forEach(descendants::add);
        }

        void awaitExit(long nanos) {
            try {
                if (!process.waitFor(Math.max(nanos, 0), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }

        synchronized void killDescendants() {
            descendants.forEach(ProcessHandle::destroyForcibly);
        }

        String obituary() {
            return "The process " + name + " ended by itself (exit code " + process.exitValue() + ")." + tail();
        }

        String tail() {
            try {
                List<String> lines = Arrays.asList(
                        new String(Files.readAllBytes(log), StandardCharsets.UTF_8).split("\\R"));
                List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
                return " The end of " + log + ":\n\n" + String.join("\n", last) + "\n";
            } catch (IOException unreadable) {
                return " Its log " + log + " cannot be read.";
            }
        }
    }

    /** A reason not to go on, as a sentence for the user. */
    private static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refusal(String sentence) {
            super(sentence);
        }
    }
}
