package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
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
    ReloadableFile<KeySets> keyFiles(
            KeysProperties properties,
            TokenProperties tokens,
            SessionProperties sessions,
            @Qualifier("keysReloadStatus") ReloadStatus status) {
        KeySets.Lifetimes lifetimes = new KeySets.Lifetimes(tokens.accessTtl(), sessions.absoluteTimeout());
        return new ReloadableFile<>(
                new KeyFolder(properties.directory(), properties.identityAlgorithm(), lifetimes), status);
    }

    @Bean
    Poller keysPoller(ReloadableFile<KeySets> keys, KeysProperties properties) {
        return new Poller("keys", properties.pollInterval(), keys::poll);
    }

    @Bean
    AccessTokenCodec accessTokenCodec(
            ReloadableFile<KeySets> keys, Issuer issuer, InstantSource clock, TokenProperties tokens) {
        return new AccessTokenCodec(keys::current, issuer, clock, tokens.accessTtl());
    }

    @Bean
    RefreshTokenCodec refreshTokenCodec(ReloadableFile<KeySets> keys, Issuer issuer, InstantSource clock) {
        return new RefreshTokenCodec(keys::current, issuer, clock);
    }

    @Bean
    IdentityTokenSigner identityTokenSigner(ReloadableFile<KeySets> keys, Issuer issuer, InstantSource clock) {
        return new IdentityTokenSigner(keys::current, issuer, clock);
    }

    @Bean
    GatewayTokenRecognizer gatewayTokenRecognizer(ReloadableFile<KeySets> keys, Issuer issuer) {
        return new GatewayTokenRecognizer(keys::current, issuer);
    }

    @Bean
    RouterFunction<ServerResponse> jwksRoute(ReloadableFile<KeySets> keys, InstantSource clock) {
        return new JwksEndpoint(keys::current, clock).route();
    }
}
