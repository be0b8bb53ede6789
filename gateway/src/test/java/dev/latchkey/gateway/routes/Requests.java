package dev.latchkey.gateway.routes;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends requests as a well-behaved client does. */
final class Requests {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Requests() {}

    static HttpClient connection() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build();
    }

    static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).build();
    }

    static CompletableFuture<HttpResponse<String>> send(String url) {
        return connection().sendAsync(get(url), HttpResponse.BodyHandlers.ofString());
    }
}
