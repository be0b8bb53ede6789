package dev.latchkey.gateway.telemetry;

import dev.latchkey.gateway.logging.ThrottledLog;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.stereotype.Component;

/** All who are told of ended requests. */
@Component
public final class RequestObservers {

    private static final ThrottledLog FAULTS =
            new ThrottledLog(LoggerFactory.getLogger(RequestObservers.class), Level.ERROR);

    private final RequestObserver[] active;

    RequestObservers(List<RequestObserver> observers) {
        this.active = observers.stream().filter(RequestObserver::isActive).toArray(RequestObserver[]::new);
    }

    /** Whether nobody asks for records, so that none need be made. */
    public boolean isEmpty() {
        return active.length == 0;
    }

    /** A fault of one neither reaches the others nor the request. */
    public void ended(RequestRecord request) {
        for (RequestObserver observer : active) {
            try {
                observer.ended(request);
            } catch (RuntimeException fault) {
                FAULTS.write(
                        "An observer of requests failed",
                        observer.getClass().getSimpleName() + ": "
                                + fault.getClass().getSimpleName());
            }
        }
    }
}
