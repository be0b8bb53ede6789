package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.telemetry.RequestObserver;
import dev.latchkey.gateway.telemetry.RequestRecord;
import java.util.ArrayList;
import java.util.List;

/** What one side notes of the requests of a conversation at their end: for logs, meters and traces. */
final class Notes implements RequestObserver {

    /** Of requests that only look at the side, as often as that takes. */
    private static final List<String> LOOKS = List.of("/looks", "/open/probe");

    private final Moments moments;
    private final List<RequestRecord> ended = new ArrayList<>();

    Notes(Moments moments) {
        this.moments = moments;
    }

    @Override
    public boolean isActive() {
        return true;
    }

    @Override
    public void ended(RequestRecord request) {
        if (!LOOKS.contains(String.valueOf(request.path())) && !isBehindTheLast(request)) {
            moments.change(() -> ended.add(request));
        }
    }

    /**
     * Whether it was still waiting for its turn as its connection ended: a moment later it would not have been read.
     */
    private static boolean isBehindTheLast(RequestRecord request) {
        return request.route() == null && request.status() == 0 && !request.wasSent();
    }

    void begin() {
        moments.change(ended::clear);
    }

    /**
     * In an order of their own, because of requests that are under way at once.
     *
     * @param isCut whether it is nobody's promise when a backend was asked
     */
    List<String> lines(boolean isCut) {
        return moments.see(() ->
                ended.stream().map(request -> line(request, isCut)).sorted().toList());
    }

    /** The same of WebSockets alone, each of which is noted at its end. */
    List<String> sockets() {
        return moments.see(() -> ended.stream()
                .filter(request -> request.status() == 101)
                .map(request -> line(request, false))
                .sorted()
                .toList());
    }

    /** Not which way carried it, nor how many bytes, which are compared where they arrive. */
    private static String line(RequestRecord request, boolean isCut) {
        String subject =
                request.subject() == null ? "nobody" : request.subject().value();
        String line = request.method() + " " + request.path() + ", route " + request.route() + ", of " + subject + ", "
                + request.status() + ", " + request.outcome() + ", " + request.reason();
        return isCut
                ? line
                : line + ", rotated " + request.isRotated() + ", sent " + request.wasSent() + ", answered "
                        + (request.backendDuration() >= 0);
    }
}
