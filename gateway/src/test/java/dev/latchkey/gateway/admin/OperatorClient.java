package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.crypto.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program of an operator's, with a token or without. */
public final class OperatorClient {

    public static final String TOKEN = "latchkey-0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    private final String base;
    private final String token;
    private final HttpClient client;

    OperatorClient(String base, String token) {
        this(base, token, HttpClient.newHttpClient());
    }

    OperatorClient(String base, String token, HttpClient client) {
        this.base = base;
        this.token = token;
        this.client = client;
    }

    /** The status for one who comes from another address of this machine. */
    int statusFrom(String address, String path) {
        URI server = URI.create(base);
        try (Socket socket = new Socket(server.getHost(), server.getPort(), InetAddress.getByName(address), 0)) {
            socket.setSoTimeout(20_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + token + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    OperatorClient with(String other) {
        return new OperatorClient(base, other, client);
    }

    /** The file of a single operator, ada. */
    public static Path tokensFile() {
        try {
            Path file = Files.createTempFile("latchkey-operators", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "# operators\n\n" + line("ada", TOKEN));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static String line(String name, String token) {
        return name + ": " + Sha256.hex(token.getBytes(StandardCharsets.UTF_8)) + "\n";
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    HttpResponse<String> delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE());
    }

    HttpResponse<String> post(String path, String type, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    JsonNode explain(String name, String value) {
        return json(post(
                "/admin/api/explain",
                "application/json",
                "{\"" + name + "\":\"" + value.replace("\"", "\\\"") + "\"}"));
    }

    private URI uri(String path) {
        return URI.create(base + path);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return client.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
