package dev.latchkey.gateway.audit.stream;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditQueue;
import dev.latchkey.gateway.audit.AuditQueue.Stamped;
import dev.latchkey.gateway.audit.AuditSink;
import dev.latchkey.gateway.audit.stream.EventPage.StoredEvent;
import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * A stream of Redis that keeps so many events, and for so long. While Redis is away, events wait in the memory of their
 * node. One whose acknowledgement was lost may stand there twice; a failover may lose the last ones.
 */
@Component
@ConditionalOnBooleanProperty("latchkey.audit.stream.enabled")
public final class AuditStream implements AuditSink, SmartLifecycle {

    /** One key, and one slot of a cluster: its order is that in which things happened on all nodes. */
    static final String KEY = "latchkey:audit";

    private static final List<String> KEYS = List.of(KEY);
    private static final String ROOM = "dev/latchkey/gateway/audit/stream/";
    private static final RedisScript<Long> APPEND = LuaScripts.read(Long.class, ROOM + "append.lua");
    private static final RedisScript<?> PAGE = LuaScripts.read(List.class, ROOM + "page.lua");
    private static final RedisScript<?> FORGET = LuaScripts.read(List.class, ROOM + "forget.lua");

    /** While a script looks at so many events, some two milliseconds, all other calls of Redis wait. */
    private static final int AT_ONCE = 250;

    /** How many events are looked at for one page. */
    private static final int MOST_LOOKED_AT = 100_000;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The driver gives up much sooner; the thread must not hang in any case. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration UNTIL_WRITTEN = Duration.ofSeconds(2);

    /** After all that still records something, and before the connections to Redis, whose phase is 0. */
    private static final int PHASE = 1;

    private final RedisClient redis;
    private final AuditStreamProperties properties;
    private final AuditQueue queue;
    private volatile boolean isRunning;

    AuditStream(RedisClient redis, AuditStreamProperties properties, MeterRegistry meters) {
        this.redis = redis;
        this.properties = properties;
        this.queue = new AuditQueue("stream", this::append, PAUSE, meters);
    }

    @Override
    public void record(AuditEvent event, Instant at) {
        queue.offer(event, at);
    }

    /** On the thread of the queue, which has nothing else to do. */
    private void append(List<Stamped> events) {
        List<String> arguments = new ArrayList<>(List.of(
                Integer.toString(properties.maxLength()),
                Long.toString(properties.maxAge().toMillis())));
        events.forEach(event -> {
            List<String> texts = StreamEntry.texts(event);
            arguments.add(Integer.toString(texts.size()));
            arguments.addAll(texts);
        });
        redis.run(APPEND, KEYS, arguments).block(LIMIT);
    }

    /**
     * Events that were written, the newest first; those of this node a moment after they happened. A page looks at
     * {@value #MOST_LOOKED_AT} events at most. Fails on any trouble with Redis.
     *
     * @param before the place before which the page begins; empty for the newest
     * @param limit how many events a page has at most
     */
    public Mono<EventPage> page(EventQuery query, Optional<String> before, int limit) {
        return look(new Search(query, begin(before), limit, 0, List.of()));
    }

    /** @param left how many more are to be found */
    private record Search(EventQuery query, String begin, int left, int looked, List<StoredEvent> found) {

        List<String> arguments() {
            return Stream.concat(
                            Stream.of(begin, Integer.toString(AT_ONCE), Integer.toString(left)), query.facts().stream())
                    .toList();
        }

        Search after(Scanned scanned) {
            List<StoredEvent> all = new ArrayList<>(found);
            scanned.rest().forEach(entry -> StreamEntry.read((List<?>) entry).ifPresent(all::add));
            return new Search(
                    query, "(" + scanned.last(), left - scanned.rest().size(), looked + scanned.looked(), all);
        }
    }

    private Mono<EventPage> look(Search search) {
        return redis.run(PAGE, KEYS, search.arguments())
                .map(answer -> Scanned.of((List<?>) answer))
                .flatMap(scanned -> {
                    Search after = search.after(scanned);
                    boolean isFull = after.left() == 0 || after.looked() >= MOST_LOOKED_AT;
                    if (isFull || scanned.isLast()) {
                        Optional<String> next = isFull ? Optional.of(scanned.last()) : Optional.empty();
                        return Mono.just(new EventPage(after.found(), next));
                    }
                    return look(after);
                });
    }

    /**
     * Removes all events that name a user, also those of this node that are still on their way; other nodes may still
     * have some, and an event that comes later names the user again. Fails on any trouble with Redis; to do it again
     * does the rest.
     *
     * @return how many were removed
     */
    public Mono<Long> forget(Subject subject) {
        return queue.written(UNTIL_WRITTEN)
                .then(forget(subject, begin(Optional.empty())))
                .expand(scanned -> scanned.isLast() ? Mono.empty() : forget(subject, "(" + scanned.last()))
                .map(Scanned::removed)
                .reduce(0L, Long::sum);
    }

    private Mono<Scanned> forget(Subject subject, String begin) {
        List<String> arguments = List.of(begin, Integer.toString(AT_ONCE), StreamEntry.SUBJECT, subject.value());
        return redis.run(FORGET, KEYS, arguments).map(answer -> Scanned.of((List<?>) answer));
    }

    /**
     * What a script answered.
     *
     * @param looked how many events it looked at
     * @param last the id of the last of them
     */
    private record Scanned(int looked, String last, List<?> rest) {

        static Scanned of(List<?> answer) {
            return new Scanned(
                    Integer.parseInt(String.valueOf(answer.get(0))),
                    String.valueOf(answer.get(1)),
                    answer.subList(2, answer.size()));
        }

        boolean isLast() {
            return looked < AT_ONCE;
        }

        long removed() {
            return Long.parseLong(String.valueOf(rest.get(0)));
        }
    }

    private static String begin(Optional<String> before) {
        return before.map(place -> "(" + place).orElse("+");
    }

    /** The queue began with this object. */
    @Override
    public void start() {
        isRunning = true;
    }

    @Override
    public void stop() {
        queue.stop();
        isRunning = false;
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
