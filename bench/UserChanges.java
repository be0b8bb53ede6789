import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Changes one user after the other in the users file of one node, or in a store, and measures when the other node refuses the
 * user's next request, ends the open stream and closes the WebSocket. Called by user-changes.sh: {@code write FILE ROUNDS
 * OTHERS} writes the file, {@code measure SOURCE PASSWORD ROUNDS REDIS_PORT READING_NODE OTHER_NODE} does the rest. SOURCE is
 * the file, or the address of UserStore; PASSWORD is that of all users, or {@code name} if it is the name of each.
 */
public final class UserChanges {

    private static final String HASH = "{bcrypt}$2a$10$bpgCFBDpZE.cd4Vq.vqmXudGPlvPUcdDtS5pppg1geCLizn6RH/sq";
    private static final String OTHER = "{bcrypt}$2a$10$KkEfU1xUx1D3BIs/ZCUYL.NYQzOerOW0rqyT4.PPsPxGBfMrugTf6";
    private static final int POLICY_VIOLATION = 1008;
    private static final long PATIENCE_SECONDS = 30;
    /** The life of an access token on these nodes and a minute: what an entry of changed roles lives. */
    private static final long ENTRY_MILLIS = TimeUnit.MINUTES.toMillis(31);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String source;
    private final String password;
    private final String redisPort;
    private final String reading;
    private final String other;
    private final Map<Change, List<Times>> measured = new EnumMap<>(Change.class);

    private UserChanges(String source, String password, String redisPort, String reading, String other) {
        this.source = source;
        this.password = password;
        this.redisPort = redisPort;
        this.reading = reading;
        this.other = other;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("write")) {
            Files.writeString(
                    Path.of(arguments[1]), users(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3])));
            return;
        }
        UserChanges nodes = new UserChanges(arguments[1], arguments[2], arguments[4], arguments[5], arguments[6]);
        for (int round = 0; round < Integer.parseInt(arguments[3]); round++) {
            for (Change change : Change.values()) {
                nodes.measure(change, name(change, round));
            }
        }
        nodes.print();
        System.exit(0);
    }

    private static String name(Change change, int round) {
        return change.word + round;
    }

    /** Many more stay than are removed: a list without most of its users is refused. */
    private static String users(int rounds, int others) {
        StringBuilder users = new StringBuilder("users:\n");
        for (int round = 0; round < rounds; round++) {
            for (Change change : Change.values()) {
                users.append(line(name(change, round), HASH, "[customer]"));
            }
        }
        for (int number = 0; number < others; number++) {
            users.append(line("user" + number, HASH, "[customer]"));
        }
        return users.toString();
    }

    private static String line(String name, String hash, String rest) {
        return "  - { name: " + name + ", password: \"" + hash + "\", roles: " + rest + " }\n";
    }

    private void measure(Change change, String name) throws Exception {
        Tokens tokens = signIn(name);
        require(status(tokens) == 200, "a new token must be let in");
        CompletableFuture<Long> stream = stream(tokens);
        CompletableFuture<Long> socket = socket(tokens);
        CheckedRunnable write = isFile() ? inFile(change, name) : () -> inStore(change, name);

        long wrote = System.currentTimeMillis();
        long wroteNanos = System.nanoTime();
        write.run();
        double refused = (untilRefused(tokens, change.status) - wroteNanos) / 1e6;
        double ended = (stream.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - wroteNanos) / 1e6;
        double closed = (socket.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - wroteNanos) / 1e6;
        double noted = noted(change, name) - wrote;
        measured.computeIfAbsent(change, unused -> new ArrayList<>()).add(new Times(noted, refused, ended, closed));
    }

    private boolean isFile() {
        return !source.startsWith("http:");
    }

    /** All but the last step is done before the time counts. */
    private CheckedRunnable inFile(Change change, String name) throws Exception {
        Path file = Path.of(source);
        String before = Files.readString(file);
        String line = line(name, HASH, "[customer]");
        require(before.contains(line), name + " must be there");
        Path next = file.resolveSibling("next.yml");
        Files.writeString(next, before.replace(line, change.of(name)));
        return () -> Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void inStore(Change change, String name) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(source + "/" + change.word + "/" + name))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        require(client.send(request, BodyHandlers.discarding()).statusCode() == 204, "the store must be changed");
    }

    private void print() {
        measured.forEach((change, times) -> {
            List<Double> refused = times.stream().map(Times::refused).toList();
            List<Double> ended = times.stream().map(Times::ended).toList();
            List<Double> closed = times.stream().map(Times::closed).toList();
            System.out.printf(
                    "%s, %d times. From the change: noted %s, %d %s, stream ended %s, WebSocket closed %s%n",
                    change.word,
                    times.size(),
                    words(times.stream().map(Times::noted).toList()),
                    change.status,
                    words(refused),
                    words(ended),
                    words(closed));
            System.out.printf(
                    "  from the note: %d %s, stream ended %s, WebSocket closed %s%n",
                    change.status,
                    words(times.stream().map(it -> it.refused() - it.noted()).toList()),
                    words(times.stream().map(it -> it.ended() - it.noted()).toList()),
                    words(times.stream().map(it -> it.closed() - it.noted()).toList()));
        });
    }

    private static String words(List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "half within %.0f ms, all within %.0f ms",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() - 1));
    }

    private Tokens signIn(String name) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(reading + "/auth/token"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"username\":\"" + name + "\",\"password\":\""
                        + (password.equals("name") ? name : password) + "\"}"))
                .build();
        String answer = client.send(request, BodyHandlers.ofString()).body();
        return new Tokens(field(answer, "accessToken"), field(answer, "refreshToken"));
    }

    private HttpRequest.Builder request(Tokens tokens, String path) {
        return HttpRequest.newBuilder(URI.create(other + path))
                .header("Authorization", "Bearer " + tokens.access())
                .header("Latchkey-Refresh-Token", tokens.refresh());
    }

    private int status(Tokens tokens) throws Exception {
        return client.send(request(tokens, "/staff/r/x").build(), BodyHandlers.discarding())
                .statusCode();
    }

    /** When the request was sent that was refused first. */
    private long untilRefused(Tokens tokens, int expected) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            long sent = System.nanoTime();
            int status = status(tokens);
            if (status == expected) {
                return sent;
            }
            require(status == 200, "the answer was " + status);
            TimeUnit.MILLISECONDS.sleep(1);
        }
        throw new IllegalStateException("the user is not refused");
    }

    /** Completes with the time at which the stream ended properly. */
    private CompletableFuture<Long> stream(Tokens tokens) throws Exception {
        CompletableFuture<Long> ended = new CompletableFuture<>();
        HttpRequest request = request(tokens, "/staff/events")
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
        require(answer.statusCode() == 200, "the stream was answered with " + answer.statusCode());
        Thread reader = new Thread(() -> {
            try {
                answer.body().forEach(line -> {});
                ended.complete(System.nanoTime());
            } catch (RuntimeException cut) {
                ended.completeExceptionally(cut);
            }
        });
        reader.setDaemon(true);
        reader.start();
        return ended;
    }

    /** Completes with the time at which the WebSocket was closed with 1008. */
    private CompletableFuture<Long> socket(Tokens tokens) {
        CompletableFuture<Long> closed = new CompletableFuture<>();
        client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + tokens.access())
                .buildAsync(URI.create(other.replace("http:", "ws:") + "/staff/socket"), new Listening(closed))
                .join();
        return closed;
    }

    /** By the clock of Redis, which is that of this machine. */
    private long noted(Change change, String name) throws Exception {
        if (change == Change.ROLE_WITHDRAWN) {
            String entry = redis("HGET", "latchkey:changed-roles:{latchkey:denied-users}", name);
            return Long.parseLong(entry.split(",", -1)[0].strip()) - ENTRY_MILLIS;
        }
        return Long.parseLong(redis("HGET", isFile() ? "latchkey:users" : "latchkey:store-users", name).split(",", -1)[1]);
    }

    private String redis(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", redisPort));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        require(found.find(), "no " + name + " in the answer");
        return found.group(1);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private interface CheckedRunnable {
        void run() throws Exception;
    }

    private enum Change {
        DISABLED("disabled", 401) {
            @Override
            String of(String name) {
                return line(name, HASH, "[customer], disabled: true");
            }
        },
        GONE("gone", 401) {
            @Override
            String of(String name) {
                return "";
            }
        },
        OTHER_HASH("other-hash", 401) {
            @Override
            String of(String name) {
                return line(name, OTHER, "[customer]");
            }
        },
        ROLE_WITHDRAWN("role-withdrawn", 403) {
            @Override
            String of(String name) {
                return line(name, HASH, "[]");
            }
        };

        private final String word;
        private final int status;

        Change(String word, int status) {
            this.word = word;
            this.status = status;
        }

        abstract String of(String name);
    }

    /** Neither is shown. */
    private record Tokens(String access, String refresh) {
        @Override
        public String toString() {
            return "Tokens[hidden]";
        }
    }

    /** In milliseconds from the change. */
    private record Times(double noted, double refused, double ended, double closed) {}

    private record Listening(CompletableFuture<Long> closed) implements WebSocket.Listener {

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            if (code == POLICY_VIOLATION) {
                closed.complete(System.nanoTime());
            } else {
                closed.completeExceptionally(new IllegalStateException("closed with " + code));
            }
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed.completeExceptionally(failure);
        }
    }
}
