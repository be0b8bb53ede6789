package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Answer.Reading;
import dev.latchkey.gateway.differential.Answer.Then;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocketFactory;

/** A backend on a real socket that writes down each request as it arrives, and answers by a script. */
final class WireBackend implements AutoCloseable {

    /** What name servers may say that its addresses are. */
    static final List<String> ADDRESSES = List.of("127.0.0.31", "127.0.0.32", "127.0.0.33");

    private static final int LOOK = 10;

    private final ServerSocket listener;
    private final ServerSocket secured;
    private final List<ServerSocket> others = new ArrayList<>();
    private final SSLSocketFactory tls;
    private final String name;
    private final Moments moments;
    private final Map<String, Answer> script = new ConcurrentHashMap<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Set<String> released = new HashSet<>();
    private volatile UnaryOperator<Answer> mutation = UnaryOperator.identity();

    /** @param name that name servers know */
    WireBackend(String name, Moments moments, LocalCertificate certificate) throws IOException {
        this.name = name;
        this.moments = moments;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.secured = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try {
            this.tls = certificate.own().getSocketFactory();
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
        for (String address : ADDRESSES) {
            ServerSocket other = new ServerSocket(listener.getLocalPort(), 50, InetAddress.getByName(address));
            others.add(other);
            run(() -> accept(other));
        }
        run(() -> accept(listener));
        run(() -> accept(secured));
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "wire-backend");
        thread.setDaemon(true);
        thread.start();
    }

    String name() {
        return name;
    }

    /**
     * A file for this backend: {@code BACKEND} and {@code OTHER} are two names of it, {@code NAMED} is one that has
     * several addresses, {@code SECURE} has TLS.
     */
    String named(String template) {
        return template.replace("BACKEND", "127.0.0.1:" + listener.getLocalPort())
                .replace("OTHER", "localhost:" + listener.getLocalPort())
                .replace("NAMED", name + ":" + listener.getLocalPort())
                .replace("SECURE", "127.0.0.1:" + secured.getLocalPort());
    }

    /** The other way round. */
    String unnamed(String text) {
        return text.replace("127.0.0.1:" + listener.getLocalPort(), "BACKEND")
                .replace("localhost:" + listener.getLocalPort(), "OTHER")
                .replace(name + ":" + listener.getLocalPort(), "NAMED")
                .replace("127.0.0.1:" + secured.getLocalPort(), "SECURE");
    }

    /**
     * AnswerScripts from now on as these say, by the {@code X-Case} of the request; all others with {@link Answer#OK}.
     */
    void begin(Map<String, Answer> answers) {
        script.clear();
        script.putAll(answers);
        moments.change(() -> {
            arrivals.clear();
            released.clear();
        });
    }

    /** AnswerScripts otherwise than the script has it. */
    void mutate(UnaryOperator<Answer> other) {
        mutation = other;
    }

    void release(String id) {
        moments.change(() -> released.add(id));
    }

    /** What has arrived; only while nothing else can. */
    List<Arrival> arrivals() {
        return moments.see(() -> List.copyOf(arrivals));
    }

    boolean hasArrived(String id) {
        return arrivals.stream().anyMatch(arrival -> arrival.id().equals(id));
    }

    /** Whether a request of this id has arrived, and each of them is like that. */
    boolean hasArrivedAs(String id, Predicate<Arrival> like) {
        return hasArrived(id)
                && arrivals.stream().filter(arrival -> arrival.id().equals(id)).allMatch(like);
    }

    /** Whether the answer to it is a stream of events. */
    boolean isStream(String id) {
        return script.getOrDefault(id, Answer.OK).all().contains("Content-Type: text/event-stream");
    }

    int receivedOf(String id) {
        return arrivals.stream()
                .filter(arrival -> arrival.id().equals(id))
                .mapToInt(Arrival::received)
                .sum();
    }

    /** Whether everything that arrived has been answered, or its connection has ended. */
    boolean isQuiet() {
        return arrivals.stream().allMatch(Arrival::isOver);
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                run(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket connected) {
        try (Socket socket = connected.getLocalPort() == secured.getLocalPort()
                ? tls.createSocket(connected, null, true)
                : connected) {
            socket.setTcpNoDelay(true);
            PushbackInputStream in = new PushbackInputStream(socket.getInputStream(), 1);
            String address = connected.getLocalAddress().getHostAddress();
            String head = RequestReader.head(in);
            while (!head.isEmpty() && exchange(socket, in, new Arrival(head, address))) {
                head = RequestReader.head(in);
            }
        } catch (IOException broken) {
            // Noted where it matters.
        } finally {
            sockets.remove(connected);
        }
    }

    private boolean exchange(Socket socket, PushbackInputStream in, Arrival arrival) throws IOException {
        moments.change(() -> arrivals.add(arrival));
        try {
            Answer answer = mutation.apply(script.getOrDefault(arrival.id(), Answer.OK));
            RequestReader reader = new RequestReader(in, arrival, moments);
            if (answer.reading() == Reading.CONTINUE && !arrival.field("Expect").isEmpty()) {
                write(socket, "HTTP/1.1 100 Continue\r\n\r\n");
            }
            if (answer.reading() != Reading.EARLY) {
                reader.body();
            }
            send(socket, in, arrival.id(), answer);
            end(socket, in, answer, reader);
            return answer.then() == Then.STAY;
        } catch (IOException broken) {
            moments.change(arrival::broken);
            throw broken;
        } finally {
            moments.change(arrival::over);
        }
    }

    private void send(Socket socket, PushbackInputStream in, String id, Answer answer) throws IOException {
        for (int number = 0; number <= answer.pieces().size(); number++) {
            if (number == answer.held()) {
                awaitRelease(socket, in, id);
            }
            if (number < answer.pieces().size()) {
                write(socket, answer.pieces().get(number));
            }
        }
    }

    private static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Until the test says so, or the other side closes. */
    private void awaitRelease(Socket socket, PushbackInputStream in, String id) throws IOException {
        socket.setSoTimeout(LOOK);
        while (!moments.see(() -> released.contains(id))) {
            try {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("closed while it waited");
                }
                in.unread(next);
                moments.await(() -> released.contains(id));
            } catch (SocketTimeoutException nothingCame) {
                // It is asked again.
            }
        }
        socket.setSoTimeout(0);
    }

    private static void end(Socket socket, PushbackInputStream in, Answer answer, RequestReader reader)
            throws IOException {
        switch (answer.then()) {
            case STAY -> {
                if (answer.reading() == Reading.EARLY) {
                    reader.rest();
                }
            }
            case RESET -> socket.setSoLinger(true, 0);
            case SWITCHED -> {
                reader.frames(Frames.CLIENT_CLOSES);
                write(socket, Frames.SERVER_CLOSES);
                socket.shutdownOutput();
                drain(in, reader, answer);
            }
            case END -> {
                socket.shutdownOutput();
                drain(in, reader, answer);
            }
            default -> drain(in, reader, answer);
        }
    }

    /** Closing with something unread would be a reset, which may overtake the answer. */
    private static void drain(PushbackInputStream in, RequestReader reader, Answer answer) {
        try {
            if (answer.reading() == Reading.EARLY) {
                reader.rest();
            }
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException closedByReset) {
            // As good as closed.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        secured.close();
        for (ServerSocket other : others) {
            other.close();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
