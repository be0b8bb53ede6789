package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.Judgement;
import dev.latchkey.gateway.provider.TokenAnswer;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.token.ProviderName;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A gateway without a provider: nothing is sent. */
final class NoProviders implements ProviderClient {

    private static final TokenAnswer UNSENT = new TokenAnswer.Unsent("not configured");

    @Override
    public Optional<Timing> timing(ProviderName provider) {
        return Optional.empty();
    }

    @Override
    public Mono<TokenAnswer> refresh(ProviderName provider, UpstreamTokens held, Duration within) {
        return Mono.just(UNSENT);
    }

    @Override
    public Mono<TokenAnswer> exchange(ProviderName provider, UpstreamTokens held, String audience) {
        return Mono.just(UNSENT);
    }

    @Override
    public Mono<Judgement> judge(ProviderName provider, String idToken, Expected expected) {
        return Mono.just(new Judgement.KeysAway());
    }

    @Override
    public Mono<Void> revoke(ProviderName provider, UpstreamTokens tokens) {
        return Mono.empty();
    }
}
