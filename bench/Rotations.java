import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sessions that rotate with every request: each has a connection of its own, sends nothing but its refresh token, and
 * goes on with the one that the answer brings. Called by rotations.sh: {@code PORT SESSIONS SECONDS PROCESS}; prints
 * how many requests were answered with new tokens, and the processor time of that process, in milliseconds.
 */
public final class Rotations {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final Pattern HEADER = Pattern.compile("(?i)\r\nlatchkey-refresh-token: *([^\r]+)");
    private static final Pattern JSON = Pattern.compile("\"refreshToken\":\"([^\"]+)\"");
    private static final String SIGN_IN = "{\"username\":\"demo\",\"password\":\"demo\"}";

    private final int port;
    private final LongAdder rotated = new LongAdder();
    private volatile boolean isOver;

    private Rotations(int port) {
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        Rotations all = new Rotations(Integer.parseInt(arguments[0]));
        List<Thread> sessions = new ArrayList<>();
        for (int number = 0; number < Integer.parseInt(arguments[1]); number++) {
            String token = all.signIn();
            sessions.add(new Thread(() -> all.rotate(token)));
        }
        long before = cpu(arguments[3]);
        sessions.forEach(Thread::start);
        Thread.sleep(Long.parseLong(arguments[2]) * 1000);
        all.isOver = true;
        for (Thread session : sessions) {
            session.join();
        }
        System.out.println(all.rotated.sum() + " " + (cpu(arguments[3]) - before));
    }

    /** Milliseconds of processor time that a process has used. */
    private static long cpu(String process) {
        return ProcessHandle.of(Long.parseLong(process))
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElseThrow()
                .toMillis();
    }

    /** One after the other, because passwords are checked a few at a time. */
    private String signIn() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            return first(JSON, send(socket, in, "POST /auth/token", "Content-Type: application/json\r\n", SIGN_IN));
        }
    }

    private void rotate(String signedIn) {
        String token = signedIn;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!isOver) {
                String answer = send(socket, in, "GET /api/x", "Latchkey-Refresh-Token: " + token + "\r\n", "");
                if (!answer.startsWith("HTTP/1.1 200")) {
                    throw new IOException(answer.substring(0, Math.min(answer.length(), 80)));
                }
                Matcher next = HEADER.matcher(answer);
                if (next.find()) {
                    token = next.group(1);
                    rotated.increment();
                }
            }
        } catch (IOException failure) {
            System.err.println(failure.getMessage());
            System.exit(1);
        }
    }

    private static String send(Socket socket, InputStream in, String line, String fields, String body)
            throws IOException {
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        String request = line + " HTTP/1.1\r\nHost: bench.example\r\n" + fields + length + "\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) read(in));
        }
        int rest = Integer.parseInt(first(LENGTH, answer));
        return answer + new String(in.readNBytes(rest), StandardCharsets.ISO_8859_1);
    }

    private static int read(InputStream in) throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new IOException("the connection ended");
        }
        return next;
    }

    private static String first(Pattern pattern, CharSequence answer) throws IOException {
        Matcher found = pattern.matcher(answer);
        if (!found.find()) {
            throw new IOException("no " + pattern + " in the answer");
        }
        return found.group(1);
    }
}
