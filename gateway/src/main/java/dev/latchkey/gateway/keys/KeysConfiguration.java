package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Reads the keys folder at the start, which fails without one, and hands out what signs and verifies. */
@Configuration(proxyBeanMethods = false)
class KeysConfiguration {

    @Bean
    Issuer issuer(IssuerProperties properties) {
        return properties.toIssuer();
    }

    @Bean
    ReloadStatus keysReloadStatus(InstantSource clock, MeterRegistry meters) {
        return new ReloadStatus("keys", clock, meters);
    }

    @Bean
    KeyFolderWatch keyFolderWatch(
            KeysProperties keys,
            TokenProperties tokens,
            SessionProperties sessions,
            @Qualifier("keysReloadStatus") ReloadStatus status) {
        KeyLifetimes lives = new KeyLifetimes(tokens.accessTtl(), sessions.absoluteTimeout());
        return KeyFolderWatch.open(keys.directory(), keys.identityAlgorithm(), lives, status);
    }

    @Bean
    Poller keyFolderPoller(KeyFolderWatch watch, KeysProperties properties) {
        return new Poller("keys", properties.pollInterval(), watch::poll);
    }

    @Bean
    AccessTokenCodec accessTokenCodec(
            KeyFolderWatch watch, Issuer issuer, InstantSource clock, TokenProperties tokens) {
        AccessTokenCodec codec = new JwtAccessTokenCodec(watch.ring(), issuer, clock);
        return new CachingAccessTokenCodec(codec, watch.ring(), clock, tokens.accessTtl());
    }

    @Bean
    RefreshTokenCodec refreshTokenCodec(KeyFolderWatch watch, Issuer issuer, InstantSource clock) {
        return new JwtRefreshTokenCodec(watch.ring(), issuer, clock);
    }

    @Bean
    IdentityTokenSigner identityTokenSigner(KeyFolderWatch watch, Issuer issuer, InstantSource clock) {
        return new JwtIdentityTokenSigner(watch.ring(), issuer, clock);
    }

    @Bean
    GatewayTokenRecognizer gatewayTokenRecognizer(KeyFolderWatch watch, Issuer issuer) {
        return new HeaderTokenRecognizer(watch.ring(), issuer);
    }

    @Bean
    RouterFunction<ServerResponse> jwksRoute(KeyFolderWatch watch, InstantSource clock) {
        return new JwksEndpoint(watch.ring(), clock).route();
    }
}
