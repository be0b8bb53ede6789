package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.IdTokens;
import dev.latchkey.gateway.provider.Judgement;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.provider.Revocations;
import dev.latchkey.gateway.provider.TokenAnswer;
import dev.latchkey.gateway.provider.TokenCalls;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.token.ProviderName;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The providers of the configuration. */
final class ConfiguredProviders implements ProviderClient {

    private static final TokenAnswer UNSENT = new TokenAnswer.Unsent("not configured");

    private final Providers providers;
    private final TokenCalls calls;
    private final IdTokens idTokens;
    private final Revocations revocations;

    ConfiguredProviders(Providers providers, TokenCalls calls, IdTokens idTokens, Revocations revocations) {
        this.providers = providers;
        this.calls = calls;
        this.idTokens = idTokens;
        this.revocations = revocations;
    }

    @Override
    public boolean isConfigured() {
        return !providers.all().isEmpty();
    }

    @Override
    public Optional<Timing> timing(ProviderName provider) {
        return providers.find(provider).map(Provider::timing);
    }

    @Override
    public Mono<TokenAnswer> refresh(ProviderName provider, UpstreamTokens held, Duration within) {
        return asked(provider, known -> calls.refresh(known, held, within), UNSENT);
    }

    @Override
    public Mono<TokenAnswer> exchange(ProviderName provider, UpstreamTokens held, String audience) {
        return asked(provider, known -> calls.exchangeToken(known, held, audience), UNSENT);
    }

    @Override
    public Mono<Judgement> judge(ProviderName provider, String idToken, Expected expected, UpstreamTokens granted) {
        return asked(provider, known -> idTokens.judge(known, idToken, expected, granted), new Judgement.KeysAway());
    }

    @Override
    public Mono<Void> revoke(ProviderName provider, UpstreamTokens tokens) {
        return providers
                .find(provider)
                .map(known -> revocations.revoke(known, tokens))
                .orElseGet(Mono::empty);
    }

    private <T> Mono<T> asked(ProviderName name, Function<Provider, Mono<T>> question, T otherwise) {
        return providers.find(name).map(question).orElseGet(() -> Mono.just(otherwise));
    }
}
