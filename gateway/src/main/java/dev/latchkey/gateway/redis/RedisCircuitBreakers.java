package dev.latchkey.gateway.redis;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The silence of each master by its name: one that says nothing holds back no call to another. */
final class RedisCircuitBreakers {

    private final LongSupplier nanos;

    /** As many as there are masters. */
    private final Map<String, RedisCircuitBreaker> redisCircuitBreakers = new ConcurrentHashMap<>();

    RedisCircuitBreakers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    RedisCircuitBreaker of(String master) {
        RedisCircuitBreaker known = redisCircuitBreakers.get(master);
        return known == null
                ? redisCircuitBreakers.computeIfAbsent(master, name -> new RedisCircuitBreaker(nanos))
                : known;
    }

    /** These are the masters there are; what others had is forgotten. */
    void keep(Collection<String> masters) {
        redisCircuitBreakers.keySet().retainAll(masters);
    }
}
