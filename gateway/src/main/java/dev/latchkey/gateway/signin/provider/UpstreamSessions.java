package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.pipeline.rotation.SessionProviders;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.upstream.Upstreams;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What rotations need of providers. */
@Component
final class UpstreamSessions implements SessionProviders {

    private final Providers providers;
    private final Upstreams upstreams;

    UpstreamSessions(Providers providers, Upstreams upstreams) {
        this.providers = providers;
        this.upstreams = upstreams;
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
