package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.DenylistRepair;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient;
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
    DenylistRepair denylistRepair(TimedScripts timed, SessionScripts scripts) {
        return new RestoringRepair(timed, scripts);
    }

    @Bean
    SessionStore sessionStore(
            RedisClient redis, TimedScripts timed, SessionScripts scripts, Denylist denylist, Lifetimes lifetimes) {
        UserSessionIndex index = new UserSessionIndex(redis, lifetimes.absolute());
        SessionRevoker sessionRevoker = new SessionRevoker(timed, scripts, denylist, index, lifetimes);
        GenerationCheck generationCheck = new GenerationCheck(timed, scripts, lifetimes);
        return new RedisSessionStore(
                new Creating(timed, scripts, index, sessionRevoker, lifetimes),
                new Rotating(timed, scripts, generationCheck, sessionRevoker, lifetimes),
                generationCheck,
                new Confirming(timed, scripts),
                sessionRevoker,
                index);
    }
}
