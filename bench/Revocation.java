import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signs in at one node, ends the session, and asks all nodes from the acknowledgement on until each has refused the
 * access token. The session ends by a sign-out, and in other rounds by an entry in the denylist of which no message
 * tells the nodes, as if all had lost it. Called by revocation.sh: ROUNDS LOST_ROUNDS REDIS_PORT NODE..., a node as
 * http://host:port.
 */
public final class Revocation {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String BODY = "{\"username\":\"demo\",\"password\":\"demo\"}";
    private static final int EVERY_GENERATION = Integer.MAX_VALUE;
    private static final long MINUTE_MILLIS = 60_000;

    private final String redisPort;
    private final List<String> nodes;

    private Revocation(String redisPort, List<String> nodes) {
        this.redisPort = redisPort;
        this.nodes = nodes;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> nodes = Arrays.asList(arguments).subList(3, arguments.length);
        Revocation nodesOfOneRedis = new Revocation(arguments[2], nodes);
        nodesOfOneRedis.measure("revocations", Integer.parseInt(arguments[0]), nodesOfOneRedis::signOut);
        nodesOfOneRedis.measure(
                "revocations without a message", Integer.parseInt(arguments[1]), nodesOfOneRedis::writeEntry);
    }

    private void measure(String what, int rounds, Ending ending) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            String answer = post(nodes.get(0) + "/auth/token", BODY, "").body();
            String access = field(answer, "accessToken");
            for (String node : nodes) {
                require(status(node, access) == 200, "a new token must be let in by " + node);
            }
            ending.end(access);
            long acknowledged = System.nanoTime();
            List<CompletableFuture<Double>> refusals = nodes.stream()
                    .map(node -> CompletableFuture.supplyAsync(() -> untilRefused(node, access, acknowledged)))
                    .toList();
            refusals.forEach(it -> millis.add(it.join()));
        }
        millis.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%d %s on %d nodes: from acknowledgement to refusal p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                rounds,
                what,
                nodes.size(),
                millis.get(millis.size() / 2),
                millis.get((int) Math.ceil(millis.size() * 0.99) - 1),
                millis.get(millis.size() - 1));
    }

    private void signOut(String access) throws Exception {
        HttpResponse<String> signedOut = post(nodes.get(0) + "/auth/sign-out", "", access);
        require(signedOut.statusCode() == 204, "sign-out answered " + signedOut.statusCode());
    }

    private void writeEntry(String access) throws Exception {
        String payload = new String(Base64.getUrlDecoder().decode(access.split("\\.")[1]), StandardCharsets.UTF_8);
        String session = field(payload, "sid");
        String record = redis("--scan", "--pattern", "latchkey:session:*:" + session);
        String shard = record.split(":")[2];
        long now = System.currentTimeMillis();
        String entry = EVERY_GENERATION + "," + EVERY_GENERATION + "," + now + "," + (now + MINUTE_MILLIS);
        require(redis("HSET", "latchkey:denied:" + shard, session, entry).equals("1"), "the entry was not written");
    }

    private String redis(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", redisPort));
        command.addAll(Arrays.asList(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** Ends the session of an access token. */
    private interface Ending {

        void end(String access) throws Exception;
    }

    /** The time at which the request was sent that was refused first; what a slow answer adds is not counted. */
    private static double untilRefused(String node, String access, long since) {
        while (true) {
            long sent = System.nanoTime();
            int status = status(node, access);
            if (status == 401) {
                return (sent - since) / 1e6;
            }
            require(status == 200, node + " answered " + status);
            require(System.nanoTime() - since < 30_000_000_000L, node + " does not refuse");
        }
    }

    private static int status(String node, String access) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(node + "/api/x"))
                    .header("Authorization", "Bearer " + access)
                    .build();
            return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static HttpResponse<String> post(String url, String body, String access) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!access.isEmpty()) {
            request.header("Authorization", "Bearer " + access);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
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
}
