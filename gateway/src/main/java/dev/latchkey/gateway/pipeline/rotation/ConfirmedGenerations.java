package dev.latchkey.gateway.pipeline.rotation;

import com.github.benmanes.caffeine.cache.Cache;
import dev.latchkey.gateway.cache.BoundedCache;
import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/**
 * The generations of sessions that this node has confirmed. One that is forgotten too early is confirmed again, which
 * does no harm.
 */
@Component
final class ConfirmedGenerations {

    private static final int BYTES = 16 + BoundedCache.ENTRY_BYTES;

    /** 2^64 divided by the golden ratio: neighbouring generations differ in all bits. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** By 64 random bits of the session id, mixed with the generation. */
    private final Cache<Long, Boolean> confirmed;

    ConfirmedGenerations(CacheProperties properties, TokenProperties tokens, MeterRegistry meters) {
        this.confirmed = BoundedCache.of(
                "latchkey.confirmed.generations",
                properties.confirmed(),
                tokens.accessTtl(),
                (generation, unused) -> BYTES,
                meters);
    }

    /** Whether it was not among them yet. */
    boolean add(SessionId session, Generation generation) {
        long key = session.high() ^ (generation.number() * SPREAD);
        return confirmed.getIfPresent(key) == null && confirmed.asMap().putIfAbsent(key, Boolean.TRUE) == null;
    }
}
