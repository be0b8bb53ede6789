import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Load on a balancer until a file is there: GETs and POSTs in turn, each with an ID of its own that must come back,
 * streams of events and WebSockets that are opened again when they end. Then it says what was lost, what the backend saw
 * twice, and how streams and WebSockets ended; the exit code is 1 where anything went wrong. Called by stops.sh: URL
 * BACKEND FILE RATE STREAMS SOCKETS.
 */
public final class Stops {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration AGAIN = Duration.ofMillis(50);
    private static final int GOING_AWAY = 1001;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final String url;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicInteger streamsOpen = new AtomicInteger();
    private final AtomicInteger streamsEnded = new AtomicInteger();
    private final AtomicInteger streamsCut = new AtomicInteger();
    private final AtomicInteger socketsOpen = new AtomicInteger();
    private final Map<Integer, Integer> closeCodes = new TreeMap<>();
    private volatile boolean isOver;

    private Stops(String url) {
        this.url = url;
    }

    public static void main(String[] arguments) throws Exception {
        Stops load = new Stops(arguments[0]);
        load.begin(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
        while (!Files.exists(Path.of(arguments[2]))) {
            TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
        }
        System.exit(load.end(arguments[1]) ? 0 : 1);
    }

    private void begin(int rate, int streams, int sockets) throws InterruptedException {
        for (int stream = 0; stream < streams; stream++) {
            stream();
        }
        for (int socket = 0; socket < sockets; socket++) {
            socket();
        }
        while (streamsOpen.get() < streams || socketsOpen.get() < sockets) {
            TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
        }
        System.out.println("open");
        if (rate > 0) {
            clock.scheduleAtFixedRate(this::request, 0, TimeUnit.SECONDS.toNanos(1) / rate, TimeUnit.NANOSECONDS);
        }
    }

    private boolean end(String backend) throws Exception {
        isOver = true;
        clock.shutdown();
        long patience = System.nanoTime() + LIMIT.toNanos();
        while (answered.get() + lost.get() < sent.get() && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
        }
        String[] counts = client.send(
                        HttpRequest.newBuilder(URI.create(backend + "/counts")).build(), BodyHandlers.ofString())
                .body()
                .split(" ");
        System.out.printf(
                "%d GETs and POSTs: %d lost, %d reached the backend twice; streams ended %d times, %d cut;"
                        + " WebSockets closed by code: %s%n",
                sent.get(), sent.get() - answered.get(), Long.parseLong(counts[1]), streamsEnded.get(),
                streamsCut.get(), closeCodes);
        boolean isClosedWell = closeCodes.keySet().stream().allMatch(it -> it == GOING_AWAY);
        return answered.get() == sent.get() && counts[1].equals("0") && streamsCut.get() == 0 && isClosedWell;
    }

    private void request() {
        long number = sent.getAndIncrement();
        String id = URI.create(url).getPort() + "-" + number;
        URI target = URI.create(url + "/open/r/" + id);
        HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(LIMIT);
        HttpRequest built = (number % 2 == 0 ? request.GET() : request.POST(BodyPublishers.ofString(id))).build();
        client.sendAsync(built, BodyHandlers.ofString()).whenComplete((answer, failure) -> judge(built, id, answer, failure));
    }

    private void judge(HttpRequest request, String id, HttpResponse<String> answer, Throwable failure) {
        if (failure == null && answer.statusCode() == 200 && answer.body().equals(id)) {
            answered.incrementAndGet();
            return;
        }
        lost.incrementAndGet();
        System.out.printf(
                "%tT %s %s: %s%n",
                System.currentTimeMillis(),
                request.method(),
                id,
                failure == null ? answer.statusCode() + " " + answer.body().lines().findFirst() : failure);
    }

    private void stream() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/open/events"))
                .header("Accept", "text/event-stream")
                .build();
        CompletableFuture<HttpResponse<Void>> whole = client.sendAsync(request, head -> {
            streamsOpen.incrementAndGet();
            return HttpResponse.BodySubscribers.discarding();
        });
        whole.whenComplete((answer, failure) -> {
            if (!isOver) {
                (failure == null && answer.statusCode() == 200 ? streamsEnded : streamsCut).incrementAndGet();
                again(this::stream);
            }
        });
    }

    private void socket() {
        client.newWebSocketBuilder()
                .buildAsync(URI.create(url.replace("http:", "ws:") + "/open/socket"), new Listening())
                .whenComplete((socket, failure) -> {
                    if (failure != null) {
                        ended(-1);
                    } else {
                        socketsOpen.incrementAndGet();
                    }
                });
    }

    private synchronized void ended(int code) {
        if (!isOver) {
            closeCodes.merge(code, 1, Integer::sum);
            again(this::socket);
        }
    }

    private void again(Runnable open) {
        clock.schedule(open, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** -1 stands for an end without a close frame. */
    private final class Listening implements WebSocket.Listener {

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ended(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            ended(-1);
        }
    }
}
