package dev.latchkey.gateway.telemetry;

import java.util.ArrayList;
import java.util.List;

/** An observer that keeps what has ended, and what makes names of requests, for tests of other packages. */
public final class Recordings implements RequestObserver {

    private final List<RequestRecord> ended = new ArrayList<>();

    @Override
    public boolean isActive() {
        return true;
    }

    @Override
    public void ended(RequestRecord request) {
        ended.add(request);
    }

    public List<RequestRecord> ended() {
        return ended;
    }

    public RequestObservers observers() {
        return new RequestObservers(List.of(this));
    }

    public static RequestIds ids() {
        return new RequestIds(new RequestIdProperties(true, "X-Request-Id"));
    }

    public static TraceParents traces(boolean enabled) {
        return new TraceParents(new TracingProperties(enabled, 1, false));
    }
}
