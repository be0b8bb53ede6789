package dev.latchkey.gateway.denylist;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** The denylist, and the clock that follows Redis. */
@Configuration(proxyBeanMethods = false)
class DenylistConfiguration {

    @Bean
    RedisTime redisTime() {
        return new RedisTime(Clock.systemUTC());
    }

    @Bean
    ScriptClock scriptClock() {
        return () -> "";
    }

    @Bean
    RedisCalls redisCalls(
            ReactiveStringRedisTemplate redis, @Value("${spring.data.redis.timeout:1s}") Duration timeout) {
        return new RedisCalls(redis, timeout);
    }

    @Bean
    Denylist denylist(
            RedisCalls redis,
            ScriptClock scriptClock,
            InstantSource clock,
            @Value("${latchkey.session.absolute-timeout:30d}") Duration absoluteTimeout) {
        return new RedisDenylist(redis, scriptClock, clock, absoluteTimeout);
    }
}
