package dev.latchkey.sample;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers that take their time: a clock, a slow answer, an upload that is counted while it arrives. */
@RestController
final class StreamEndpoints {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final long LONGEST_MS = 30_000;

    private final SampleProperties properties;
    private final Clock clock;

    StreamEndpoints(SampleProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    /** One event a second; a client that reconnects goes on from the id it saw last. */
    @GetMapping(path = "/{area}/clock", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Tick>> clock(
            @AuthenticationPrincipal @Nullable Jwt token,
            @RequestHeader(name = "Last-Event-ID", defaultValue = "0") long seen) {
        String caller = Caller.of(properties.name(), token).name();
        return Flux.interval(Duration.ZERO, TICK)
                .onBackpressureDrop()
                .map(count -> event(seen + count + 1, new Tick(clock.instant(), properties.name(), caller)));
    }

    /** Waits as long as one asks it to, half a minute at most. */
    @GetMapping("/{area}/slow")
    Mono<Slow> slow(@RequestParam(defaultValue = "1000") long ms) {
        long waited = Math.max(0, Math.min(ms, LONGEST_MS));
        return Mono.delay(Duration.ofMillis(waited)).map(done -> new Slow(waited));
    }

    /** Counts the bytes as they come and keeps none of them. */
    @PostMapping("/{area}/upload")
    Mono<Upload> upload(ServerHttpRequest request) {
        return request.getBody()
                .map(buffer -> {
                    long size = buffer.readableByteCount();
                    DataBufferUtils.release(buffer);
                    return size;
                })
                .reduce(0L, Long::sum)
                .map(Upload::new);
    }

    private static ServerSentEvent<Tick> event(long id, Tick tick) {
        return ServerSentEvent.builder(tick).id(Long.toString(id)).event("tick").build();
    }

    /** One event of the clock. */
    record Tick(Instant time, String service, String caller) {}

    /** How long the answer took, in milliseconds. */
    record Slow(long waited) {}

    /** How much arrived. */
    record Upload(long bytes) {}
}
