package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.Judgement;
import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.TokenAnswer;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.token.ProviderName;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What this room asks of providers. No call fails; a provider that is not configured any more sends nothing. */
interface ProviderClient {

    /** Whether there is any provider. */
    boolean isConfigured();

    /** How long calls to a provider may take; empty if it is not configured. */
    Optional<Timing> timing(ProviderName provider);

    /** One request with the refresh token, never sent again. */
    Mono<TokenAnswer> refresh(ProviderName provider, UpstreamTokens held, Duration within);

    /** An access token for another audience (RFC 8693). */
    Mono<TokenAnswer> exchange(ProviderName provider, UpstreamTokens held, String audience);

    /**
     * Judges an ID token.
     *
     * @param granted what came with it
     */
    Mono<Judgement> judge(ProviderName provider, String idToken, Expected expected, UpstreamTokens granted);

    /** Tells the provider that these tokens are not needed any more (RFC 7009), off the way of requests. */
    Mono<Void> revoke(ProviderName provider, UpstreamTokens tokens);
}
