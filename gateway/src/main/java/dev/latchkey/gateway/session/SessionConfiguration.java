package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.DenylistRepair;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.util.retry.Retry;

/** The sessions in Redis. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {

    private static final RedisScript<?> RESTORE = SessionScripts.read("restore");

    @Bean
    Lifetimes lifetimes(TokenProperties token, RotationProperties rotation, SessionProperties session) {
        return Lifetimes.of(token, rotation, session);
    }

    @Bean
    DenylistRepair denylistRepair(TimedScripts redis) {
        return (session, entry) -> redis.run(
                        RESTORE,
                        SessionKeys.all(session),
                        session.value(),
                        entry.minGeneration(),
                        entry.nextMinGeneration(),
                        entry.effectiveAt(),
                        entry.expiresAt())
                .then();
    }

    @Bean
    RedisSessionStore redisSessionStore(
            TimedScripts redis, SessionRevoker revoker, UserSessionIndex index, Lifetimes lifetimes) {
        Retry confirmationRetry = Retry.backoff(6, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(5));
        return new RedisSessionStore(redis, revoker, index, lifetimes, confirmationRetry);
    }
}
