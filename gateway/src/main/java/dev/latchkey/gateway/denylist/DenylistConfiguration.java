package dev.latchkey.gateway.denylist;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
    TimedScripts timedScripts(RedisCalls redis, ScriptClock clock, RedisTime time) {
        return new TimedScripts(redis, clock, time);
    }

    @Bean
    Denylist denylist(
            RedisCalls redis,
            TimedScripts scripts,
            InstantSource clock,
            @Value("${latchkey.session.absolute-timeout:30d}") Duration absoluteTimeout) {
        return new RedisDenylist(redis, scripts, clock, absoluteTimeout);
    }
}
