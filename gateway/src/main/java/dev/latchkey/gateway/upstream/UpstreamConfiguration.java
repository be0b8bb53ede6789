package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.IdTokens;
import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.provider.Revocations;
import dev.latchkey.gateway.provider.TokenCalls;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.token.TokenProperties;
import java.security.SecureRandom;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Holding and refreshing providers' tokens. */
@Configuration(proxyBeanMethods = false)
class UpstreamConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ProviderClient providerClient(Providers providers, TokenCalls calls, IdTokens idTokens, Revocations revocations) {
        return new ConfiguredProviders(providers, calls, idTokens, revocations);
    }

    @Bean
    GrantedAnswers grantedAnswers(
            UpstreamStore store,
            Sealer sealer,
            ProviderClient providers,
            LostTokens lost,
            UpstreamMeters meters,
            TokenProperties tokens) {
        return new GrantedAnswers(
                store,
                sealer,
                providers,
                lost,
                tokens.accessTtl(),
                new SecureRandom(),
                meters,
                new ThrottledLog(LoggerFactory.getLogger(GrantedAnswers.class), Level.WARN));
    }

    @Bean
    UpstreamRefresh upstreamRefresh(
            UpstreamStore store,
            Sealer sealer,
            ProviderClient providers,
            GrantedAnswers granted,
            LostTokens lost,
            AccessTokenCache cache,
            UpstreamMeters meters) {
        UpstreamRefresh refresh = new UpstreamRefresh(
                store, sealer, providers, granted, lost, cache, meters, System::nanoTime, new SecureRandom());
        meters.watch(refresh);
        return refresh;
    }

    @Bean
    Orphans orphans(RedisClient redis, RedisTime time, ProviderClient providers, UpstreamRefresh refresh) {
        return new Orphans(redis, time, providers, refresh, Timing.ORPHAN_INTERVAL);
    }
}
