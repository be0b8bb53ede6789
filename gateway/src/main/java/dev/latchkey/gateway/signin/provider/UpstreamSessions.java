package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.pipeline.rotation.SessionProviders;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionClaims;
import dev.latchkey.gateway.upstream.Relayed.Without;
import dev.latchkey.gateway.upstream.Upstreams;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The providers of sessions, and what rotations need of them. */
@Component
final class UpstreamSessions implements SessionProviders {

    private final Providers providers;
    private final Upstreams upstreams;

    UpstreamSessions(Providers providers, Upstreams upstreams) {
        this.providers = providers;
        this.upstreams = upstreams;
    }

    /**
     * The provider that began a session. Only of a local user whom the configuration joins to a provider's it has to be
     * looked up; empty if no provider did, or if that cannot be said now. Never fails.
     */
    Mono<Optional<ProviderName>> provider(SessionClaims session) {
        Optional<ProviderName> named = session.subject().provider();
        return named.isPresent() || providers.all().stream().noneMatch(Provider::joinsLocalUsers)
                ? Mono.just(named)
                : upstreams.provider(session.session());
    }

    /** Whether the provider gives a session no access token any more without its user. Never fails. */
    Mono<Boolean> hasEnded(AccessClaims caller) {
        return upstreams.accessToken(caller, Optional.empty()).map(Without.ENDED::equals);
    }

    @Override
    public Optional<Duration> recheck(ProviderName provider) {
        return providers.find(provider).map(found -> found.timing().recheck());
    }

    @Override
    public void refresh(SessionView session) {
        upstreams.due(session);
    }
}
