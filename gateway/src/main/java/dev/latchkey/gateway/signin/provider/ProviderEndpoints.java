package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.signin.AuthEndpoint;
import dev.latchkey.gateway.signin.AuthEndpoints;
import dev.latchkey.gateway.signin.ProviderChoices;
import dev.latchkey.gateway.signin.SignInPage.Choice;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionClaims;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The endpoints of sign-in with providers, and what the sign-in page offers of them. */
@Component
final class ProviderEndpoints implements AuthEndpoints, ProviderChoices {

    private static final List<HttpMethod> GET = List.of(HttpMethod.GET);

    private final Providers providers;
    private final UpstreamSessions upstreams;
    private final List<AuthEndpoint> endpoints;

    ProviderEndpoints(
            Providers providers,
            UpstreamSessions upstreams,
            StartEndpoint start,
            CallbackEndpoint callback,
            BackChannelLogoutEndpoint logout,
            SignedOutEndpoint signedOut,
            EndpointPaths paths) {
        this.providers = providers;
        this.upstreams = upstreams;
        this.endpoints = List.of(
                new AuthEndpoint(GET, paths.of(Endpoint.PROVIDER), start::start),
                new AuthEndpoint(GET, paths.of(Endpoint.PROVIDER_CALLBACK), callback::query),
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.PROVIDER_CALLBACK), callback::form, true),
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.PROVIDER_LOGOUT), logout::submit, true),
                new AuthEndpoint(AuthEndpoint.READ, paths.of(Endpoint.SIGNED_OUT), signedOut::show));
    }

    @Override
    public List<AuthEndpoint> all() {
        return endpoints;
    }

    @Override
    public List<Choice> all(String query) {
        return providers.all().stream()
                .map(provider -> new Choice(provider.label(), "providers/" + provider.name() + "?" + query))
                .toList();
    }

    @Override
    public Optional<String> label(ProviderName provider) {
        return providers.find(provider).map(found -> found.label());
    }

    @Override
    public Mono<Optional<ProviderName>> of(SessionClaims session) {
        return upstreams.provider(session);
    }

    @Override
    public Mono<Boolean> hasEnded(AccessClaims caller) {
        return upstreams.hasEnded(caller);
    }
}
