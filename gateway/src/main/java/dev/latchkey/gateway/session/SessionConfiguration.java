package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.denylist.WriteBack;
import dev.latchkey.gateway.redis.RedisCalls;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The sessions in Redis. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {

    @Bean
    Lifetimes lifetimes(TokenProperties token, RotationProperties rotation, SessionProperties session) {
        return Lifetimes.of(token, rotation, session);
    }

    @Bean
    SessionScripts sessionScripts() {
        return SessionScripts.load();
    }

    @Bean
    WriteBack writeBack(TimedScripts timed, SessionScripts scripts) {
        return new RestoringWriteBack(timed, scripts);
    }

    @Bean
    SessionStore sessionStore(
            RedisCalls redis, TimedScripts timed, SessionScripts scripts, Denylist denylist, Lifetimes lifetimes) {
        SessionIndex index = new SessionIndex(redis, lifetimes.absolute());
        Revoking revoking = new Revoking(timed, scripts, denylist, index, lifetimes);
        Counting counting = new Counting(timed, scripts, lifetimes);
        return new RedisSessionStore(
                new Creating(timed, scripts, index, revoking, lifetimes),
                new Rotating(timed, scripts, counting, revoking, lifetimes),
                counting,
                new Confirming(timed, scripts),
                revoking,
                index);
    }
}
