package dev.latchkey.gateway.redis;

import reactor.core.publisher.Flux;

/** An event each time some connection to Redis breaks. */
public record RedisDisconnections(Flux<?> events) {}
