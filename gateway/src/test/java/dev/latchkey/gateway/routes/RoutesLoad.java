package dev.latchkey.gateway.routes;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Requests without end from several connections to routes that stay ({@code s...}) and to others that come and go
 * ({@code v...}); only the latter may be answered with 404, and every answer must come from the route that was asked.
 */
final class RoutesLoad implements AutoCloseable {

    /** How many routes come and go. */
    static final int COMING = 6;

    private final String url;
    private final List<String> staying;
    private final ExecutorService threads;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<String, LongAdder> answered = new ConcurrentHashMap<>();
    private volatile boolean running = true;

    RoutesLoad(String url, List<String> staying, int connections) {
        this.url = url;
        this.staying = List.copyOf(staying);
        this.threads = Executors.newFixedThreadPool(connections);
        IntStream.range(0, connections).forEach(seed -> threads.execute(() -> send(new Random(seed))));
    }

    Queue<String> failures() {
        return failures;
    }

    /** How many requests to routes of this kind were answered by their backend. */
    long answered(String kind) {
        return answered.containsKey(kind) ? answered.get(kind).sum() : 0;
    }

    private void send(Random random) {
        HttpClient connection = Requests.connection();
        while (running) {
            boolean stays = random.nextInt(4) > 0;
            String id = stays ? staying.get(random.nextInt(staying.size())) : "v" + random.nextInt(COMING);
            String path = "/" + id + "/" + random.nextInt(100);
            try {
                HttpResponse<String> answer =
                        connection.send(Requests.get(url + path), HttpResponse.BodyHandlers.ofString());
                judge(path, stays, answer);
            } catch (IOException failed) {
                failures.add(path + " " + failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void judge(String path, boolean stays, HttpResponse<String> answer) {
        if (answer.statusCode() == 200 && answer.body().equals("it: GET " + path + " 0")) {
            answered.computeIfAbsent(path.substring(1, 2), kind -> new LongAdder())
                    .increment();
        } else if (stays || answer.statusCode() != 404) {
            failures.add(path + " " + answer.statusCode() + " " + answer.body());
        }
    }

    /** Lets the last requests end. */
    void end() {
        running = false;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
                failures.add("requests do not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        running = false;
        threads.shutdownNow();
    }
}
