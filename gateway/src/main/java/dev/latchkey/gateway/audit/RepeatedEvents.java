package dev.latchkey.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Records events that a client can cause as often as it likes. The first of a kind is recorded at once, and those that
 * follow within a minute as one more, with their count, when that minute ends or the gateway stops. So the sum of the
 * counts is how often it happened.
 */
@Component
public final class RepeatedEvents implements SmartLifecycle {

    /**
     * How many kinds of one type are told apart at a time. What is beyond them is counted as well, but not by whom: an
     * attacker who has many addresses can fill neither the log nor the memory.
     */
    static final int MOST_KINDS = 1000;

    static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /**
     * After the server, whose last requests may be refused, and before the connections to Redis, to which it may go.
     */
    private static final int PHASE = 2;

    private final AuditLog audit;
    private final InstantSource clock;
    private final Map<AuditEventType, ConcurrentMap<AuditEvent, Repeated>> open = new EnumMap<>(AuditEventType.class);
    private final Disposable.Swap looks = Disposables.swap();
    private volatile boolean isRunning;

    public RepeatedEvents(AuditLog audit, InstantSource clock) {
        this.audit = audit;
        this.clock = clock;
        for (AuditEventType type : AuditEventType.values()) {
            open.put(type, new ConcurrentHashMap<>());
        }
    }

    /** Records an event of which only equal ones are of the same kind. */
    public void record(AuditEvent event) {
        recordKind(event, event);
    }

    /**
     * Records an event of which those are of the same kind that differ in the address alone, within one network. The
     * first speaks for all.
     *
     * @param network of the event's address
     */
    public void record(AuditEvent event, String network) {
        recordKind(event, event.from(network));
    }

    private void recordKind(AuditEvent event, AuditEvent kind) {
        ConcurrentMap<AuditEvent, Repeated> ofType = Objects.requireNonNull(open.get(event.type()));
        boolean isKnown = ofType.containsKey(kind) || ofType.size() < MOST_KINDS;
        AuditEvent counted = isKnown ? event : event.ofAnyone();
        count(ofType, isKnown ? kind : counted, counted);
    }

    private void count(ConcurrentMap<AuditEvent, Repeated> ofType, AuditEvent kind, AuditEvent event) {
        Instant now = clock.instant();
        boolean isCounted = false;
        while (!isCounted) {
            Repeated repeated = ofType.computeIfAbsent(kind, first -> new Repeated(event, now.plus(WINDOW)));
            if (repeated.isOver(now)) {
                end(ofType, kind, repeated);
            } else {
                isCounted = repeated.count(audit);
            }
        }
    }

    /** Records what is to be said of the minutes that are over. */
    void look() {
        Instant now = clock.instant();
        open.values()
                .forEach(ofType -> ofType.forEach((kind, repeated) -> {
                    if (repeated.isOver(now)) {
                        end(ofType, kind, repeated);
                    }
                }));
    }

    private void end(ConcurrentMap<AuditEvent, Repeated> ofType, AuditEvent kind, Repeated repeated) {
        if (ofType.remove(kind, repeated)) {
            repeated.end(audit);
        }
    }

    /** A file may be written, so not on a thread that must not wait. */
    @Override
    public void start() {
        isRunning = true;
        looks.update(Flux.interval(LOOK, Schedulers.boundedElastic())
                .onBackpressureDrop()
                .subscribe(moment -> look()));
    }

    /** Nothing that was counted is lost. */
    @Override
    public void stop() {
        isRunning = false;
        looks.update(Disposables.disposed());
        open.values().forEach(ofType -> ofType.forEach((kind, repeated) -> end(ofType, kind, repeated)));
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** One kind, for a minute. */
    private static final class Repeated {

        private static final long ENDED = Long.MIN_VALUE;

        private final AuditEvent event;
        private final Instant end;
        private final AtomicLong times = new AtomicLong();

        Repeated(AuditEvent event, Instant end) {
            this.event = event;
            this.end = end;
        }

        boolean isOver(Instant now) {
            return !now.isBefore(end);
        }

        /** Whether it was counted here, because this minute had not been ended meanwhile. */
        boolean count(AuditLog audit) {
            long before = times.getAndUpdate(count -> count < 0 ? count : count + 1);
            if (before == 0) {
                audit.record(event.times(1));
            }
            return before >= 0;
        }

        void end(AuditLog audit) {
            long more = times.getAndSet(ENDED) - 1;
            if (more > 0) {
                audit.record(event.times(more));
            }
        }
    }
}
