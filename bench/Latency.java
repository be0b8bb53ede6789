import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Requests at a constant rate to several servers in turns, and how long each took from the moment at which it was due: one
 * that had to wait because the answer before it was late counts that wait (no coordinated omission). Called by latency.sh:
 * {@code RATE CONNECTIONS SECONDS ROUNDS WARM TOKEN NAME=PORT...}; the first server is what the others are compared with.
 */
public final class Latency {

    private static final String REQUEST = "GET /api/x HTTP/1.1\r\nHost: bench.example\r\nAuthorization: Bearer %s\r\n\r\n";
    private static final double MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double HALF = 0.5;
    private static final double P99 = 0.99;
    private static final double P999 = 0.999;

    private final int connections;
    private final long interval;
    private final byte[] request;

    private Latency(int rate, int connections, String token) {
        this.connections = connections;
        this.interval = TimeUnit.SECONDS.toNanos(connections) / rate;
        this.request = REQUEST.formatted(token).getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] arguments) throws Exception {
        Latency load = new Latency(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), arguments[5]);
        Map<String, Integer> servers = new LinkedHashMap<>();
        for (String server : Arrays.asList(arguments).subList(6, arguments.length)) {
            servers.put(server.split("=")[0], Integer.valueOf(server.split("=")[1]));
        }
        for (int port : servers.values()) {
            load.all(port, Integer.parseInt(arguments[4]));
        }
        load.compare(servers, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[2]));
        System.exit(0);
    }

    /** The ratio is that of all rounds together: a single round has too few late answers to say how late they are. */
    private void compare(Map<String, Integer> servers, int rounds, int seconds) throws Exception {
        Map<String, long[]> all = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, Integer> server : servers.entrySet()) {
                long[] took = all(server.getValue(), seconds);
                print(server.getKey(), took);
                all.merge(server.getKey(), took, Latency::together);
            }
        }
        System.out.println("  all rounds");
        all.forEach(Latency::print);
        double first = at(all.values().iterator().next(), P99);
        all.forEach((name, took) -> System.out.printf("p99 of %s: %.2f%n", name, at(took, P99) / first));
    }

    private static void print(String name, long[] took) {
        System.out.printf(
                "  %-6s half within %.2f ms, 99 of 100 within %.2f, 999 of 1,000 within %.2f, the longest %.2f%n",
                name, at(took, HALF), at(took, P99), at(took, P999), at(took, 1));
    }

    private static long[] together(long[] some, long[] others) {
        return LongStream.concat(LongStream.of(some), LongStream.of(others))
                .sorted()
                .toArray();
    }

    private static double at(long[] took, double part) {
        return took[(int) Math.ceil(took.length * part) - 1] / MILLI;
    }

    private long[] all(int port, int seconds) throws Exception {
        int count = (int) (TimeUnit.SECONDS.toNanos(seconds) / interval);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        List<Callable<long[]>> tasks = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            long first = begin + interval * i / connections;
            tasks.add(() -> one(port, first, count));
        }
        LongStream took = LongStream.empty();
        for (Future<long[]> each : threads.invokeAll(tasks)) {
            took = LongStream.concat(took, LongStream.of(each.get()));
        }
        threads.shutdown();
        return took.sorted().toArray();
    }

    private long[] one(int port, long first, int count) throws IOException {
        long[] took = new long[count];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < took.length; i++) {
                long due = first + interval * i;
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                socket.getOutputStream().write(request);
                readAnswer(in);
                took[i] = System.nanoTime() - due;
            }
        }
        return took;
    }

    private static void readAnswer(InputStream in) throws IOException {
        String line = readLine(in);
        if (!line.startsWith("HTTP/1.1 2")) {
            throw new IOException(line);
        }
        int length = 0;
        for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        in.skipNBytes(length);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
