import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signs in at one node and out again, and asks all nodes from the acknowledgement on until each has refused the access
 * token. Called by revocation.sh: ROUNDS NODE..., a node as http://host:port.
 */
public final class Revocation {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String BODY = "{\"username\":\"demo\",\"password\":\"demo\"}";

    private Revocation() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        List<String> nodes = Arrays.asList(arguments).subList(1, arguments.length);
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            String answer = post(nodes.get(0) + "/auth/token", BODY, "").body();
            String access = field(answer, "accessToken");
            for (String node : nodes) {
                require(status(node, access) == 200, "a new token must be let in by " + node);
            }
            HttpResponse<String> signedOut = post(nodes.get(0) + "/auth/sign-out", "", access);
            long acknowledged = System.nanoTime();
            require(signedOut.statusCode() == 204, "sign-out answered " + signedOut.statusCode());
            List<CompletableFuture<Double>> refusals = nodes.stream()
                    .map(node -> CompletableFuture.supplyAsync(() -> untilRefused(node, access, acknowledged)))
                    .toList();
            refusals.forEach(it -> millis.add(it.join()));
        }
        millis.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%d revocations on %d nodes: from acknowledgement to refusal p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                rounds,
                nodes.size(),
                millis.get(millis.size() / 2),
                millis.get((int) Math.ceil(millis.size() * 0.99) - 1),
                millis.get(millis.size() - 1));
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
