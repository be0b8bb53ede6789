package dev.latchkey.gateway.admin.command;

import dev.latchkey.gateway.startup.LoopbackHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The node that a command asks, over its management port. Each call has a time limit and is made once. */
final class Node {

    private static final String TOKEN = "LATCHKEY_ADMIN_TOKEN";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** To erase a user reads every tombstone. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final int LARGEST_ANSWER = 4 << 20;
    private static final int LARGEST_TOKEN_FILE = 1024;
    private static final Pattern TOKEN_FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9090",
            description = "The management port of a node; http://127.0.0.1:9090 by default.")
    private URI url = URI.create("http://127.0.0.1:9090");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the operator's token. Without it, the environment variable " + TOKEN + " counts.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--plain-http",
            description = "Send the token over http:// to another machine, too, where the network can read it.")
    private boolean plainHttp;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private final Duration timeout;

    Node() {
        this(TIMEOUT);
    }

    /** @param timeout for the whole answer */
    Node(Duration timeout) {
        this.timeout = timeout;
    }

    /** Prints the answer: as JSON if that was asked for, or as the command does. */
    int print(String answer, PrintStream out, Consumer<JsonNode> readable) {
        JsonNode document = read(answer)
                .orElseThrow(() -> new IllegalArgumentException("the answer is not JSON, or longer than 4 MB"));
        if (json) {
            out.println(Terminal.plain(answer));
        } else {
            readable.accept(document);
        }
        return 0;
    }

    String get(String path, Map<String, String> parameters) {
        return send(request(path, parameters).GET());
    }

    String delete(String path, Map<String, String> parameters) {
        return send(request(path, parameters).DELETE());
    }

    String post(String path, Map<String, String> body) {
        return send(request(path, Map.of())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
    }

    private HttpRequest.Builder request(String path, Map<String, String> parameters) {
        String scheme = String.valueOf(url.getScheme());
        boolean isPlain = (scheme.equals("http") || scheme.equals("https"))
                && url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawUserInfo() == null;
        if (!isPlain) {
            throw new ParameterException(
                    command.commandLine(), "--url must be an address such as http://127.0.0.1:9090");
        }
        if (scheme.equals("http") && !plainHttp && !LoopbackHost.is(url.getHost())) {
            throw new ParameterException(
                    command.commandLine(),
                    "the token would travel readable to another machine: use https, a tunnel to a loopback address,"
                            + " or --plain-http if nobody else can read that network");
        }
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        String base = url.toString().replaceAll("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(base + "/admin/api" + path + (query.isEmpty() ? "" : "?" + query)))
                .timeout(timeout);
        token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Over TLS, the platform's key store may hold a client certificate that says who asks. */
    private Optional<String> token() {
        String token = tokenFile == null ? System.getenv(TOKEN) : content(tokenFile);
        if (token == null || token.isBlank()) {
            if (tokenFile == null && "https".equals(url.getScheme())) {
                return Optional.empty();
            }
            throw new ParameterException(
                    command.commandLine(), "there is no token: set " + TOKEN + " or --token-file to a file with one");
        }
        if (!TOKEN_FORM.matcher(token.strip()).matches()) {
            throw new ParameterException(command.commandLine(), "what should be the token has other characters");
        }
        return Optional.of(token.strip());
    }

    private String content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LARGEST_TOKEN_FILE), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new ParameterException(command.commandLine(), "the file of --token-file cannot be read", unreadable);
        }
    }

    private String send(HttpRequest.Builder request) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        try {
            return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                    .thenApplyAsync(Node::body)
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw failed(failure.getCause());
        } catch (TimeoutException late) {
            throw failed(new HttpTimeoutException("the answer does not end"));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("it was interrupted", interrupted);
        }
    }

    private IllegalArgumentException failed(@Nullable Throwable failure) {
        if (failure instanceof IllegalArgumentException refused) {
            return refused;
        }
        IOException broken = failure instanceof IOException own ? own : new IOException(failure);
        return new IllegalArgumentException(unanswered(url, broken), broken);
    }

    /** Once it is connected, the node has the request, and does not stop because nobody waits. */
    static String unanswered(URI url, IOException failure) {
        boolean isUnderWay =
                failure instanceof HttpTimeoutException && !(failure instanceof HttpConnectTimeoutException);
        return isUnderWay
                ? "the node has not answered within " + TIMEOUT.toSeconds() + " seconds at "
                        + Terminal.plain(url.toString())
                        + "; what was begun goes on there, and to do it again does no harm"
                : "the node does not answer at " + Terminal.plain(url.toString()) + " ("
                        + failure.getClass().getSimpleName() + ")";
    }

    private static String body(HttpResponse<InputStream> answer) {
        try (InputStream in = answer.body()) {
            String body = new String(in.readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8);
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException(refusal(answer.statusCode(), body));
            }
            return body;
        } catch (IOException broken) {
            throw new CompletionException(broken);
        }
    }

    private static String refusal(int status, String body) {
        String title = read(body)
                .map(problem -> ": " + problem.path("title").asString(""))
                .orElse("");
        String advice = switch (status) {
            case 401, 403 -> "the node does not accept this token";
            case 404 -> "there is no such session, or the node has no endpoints for operators";
            case 409 -> "the node keeps no events: set latchkey.audit.stream.enabled";
            case 429 -> "the node does not accept this token, nor many others from this address; wait a minute";
            case 503 -> "Redis does not answer the node; nothing may have been done, so do it again";
            default -> "the node refuses this";
        };
        return advice + " (" + status + Terminal.plain(title) + ")";
    }

    private static Optional<JsonNode> read(String text) {
        try {
            return Optional.of(JsonMapper.shared().readTree(text)).filter(JsonNode::isObject);
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }
}
