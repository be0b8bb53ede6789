package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.token.IdentityProperties;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
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
            IdentityProperties identity,
            @Qualifier("keysReloadStatus") ReloadStatus status) {
        KeySets.Lifetimes lifetimes =
                new KeySets.Lifetimes(tokens.accessTtl(), sessions.absoluteTimeout(), identity.ttl(tokens));
        return new ReloadableFile<>(
                new KeyFolder(properties.directory(), Optional.ofNullable(properties.identityAlgorithm()), lifetimes),
                status);
    }

    @Bean
    Poller keysPoller(ReloadableFile<KeySets> keys, KeysProperties properties) {
        return new Poller("keys", properties.pollInterval(), keys::poll);
    }

    @Bean
    AccessTokenCodec accessTokenCodec(
            ReloadableFile<KeySets> keys,
            Issuer issuer,
            InstantSource clock,
            TokenProperties tokens,
            CacheProperties caches,
            MeterRegistry meters) {
        VerifiedTokens verified = new VerifiedTokens(caches, tokens.accessTtl(), meters);
        return new AccessTokenCodec(keys::current, issuer, clock, verified);
    }

    @Bean
    RefreshTokenCodec refreshTokenCodec(ReloadableFile<KeySets> keys, Issuer issuer, InstantSource clock) {
        return new RefreshTokenCodec(keys::current, issuer, clock);
    }

    @Bean
    SealingKeys sealingKeys(ReloadableFile<KeySets> keys, InstantSource clock) {
        return new SealingKeys(keys::current, clock);
    }

    @Bean
    IdentityTokenSigner identityTokenSigner(ReloadableFile<KeySets> keys, Issuer issuer, InstantSource clock) {
        return new IdentityTokenSigner(keys::current, issuer, clock);
    }

    @Bean
    KeysReport keysReport(ReloadableFile<KeySets> keys, InstantSource clock, MeterRegistry meters) {
        return new KeysReport(keys::current, clock, meters);
    }

    @Bean
    GatewayTokenRecognizer gatewayTokenRecognizer(ReloadableFile<KeySets> keys, Issuer issuer) {
        return new GatewayTokenRecognizer(keys::current, issuer);
    }

    @Bean
    RouterFunction<ServerResponse> jwksRoute(ReloadableFile<KeySets> keys, Issuer issuer, InstantSource clock) {
        return new JwksEndpoint(keys::current, issuer, clock).route();
    }
}
