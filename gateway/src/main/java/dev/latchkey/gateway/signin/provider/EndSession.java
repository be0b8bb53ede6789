package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.signin.ProviderSignOut;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.SessionClaims;
import dev.latchkey.gateway.upstream.Upstreams;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/**
 * Sign-out at the provider (OpenID Connect RP-Initiated Logout 1.0 section 2): without it the next click would sign the
 * user in again. The ID token says whom to sign out, so that the provider need not ask.
 */
@Component
final class EndSession implements ProviderSignOut {

    private final Providers providers;
    private final UpstreamSessions sessions;
    private final Upstreams upstreams;
    private final PublicAddresses addresses;
    private final EndpointPaths paths;

    EndSession(
            Providers providers,
            UpstreamSessions sessions,
            Upstreams upstreams,
            PublicAddresses addresses,
            EndpointPaths paths) {
        this.providers = providers;
        this.sessions = sessions;
        this.upstreams = upstreams;
        this.addresses = addresses;
        this.paths = paths;
    }

    @Override
    public Mono<Optional<Next>> next(ServerWebExchange exchange, SessionClaims session) {
        return sessions.provider(session)
                .flatMap(name -> name.flatMap(providers::find)
                        .map(provider -> provider.endSessionEndpoint()
                                .map(endpoint -> there(exchange, session, provider, endpoint))
                                .orElseGet(() -> Mono.just(here(exchange, provider))))
                        .orElseGet(() -> Mono.just(Optional.empty())));
    }

    private Mono<Optional<Next>> there(
            ServerWebExchange exchange, SessionClaims session, Provider provider, URI endpoint) {
        return upstreams.idTokenHint(session.session()).map(hint -> {
            String separator = endpoint.getRawQuery() == null ? "?" : "&";
            String query = hint.map(token -> separator + "id_token_hint=" + encoded(token)
                            + "&post_logout_redirect_uri="
                            + encoded(addresses
                                    .of(exchange, paths.of(Endpoint.SIGNED_OUT))
                                    .toString()))
                    .orElse("");
            return Optional.of(new Next(provider.label(), URI.create(endpoint + query)));
        });
    }

    /** Google, for one, has no such endpoint. */
    private Optional<Next> here(ServerWebExchange exchange, Provider provider) {
        String page = paths.of(Endpoint.SIGNED_OUT) + "?provider=" + provider.name();
        return Optional.of(new Next(provider.label(), addresses.of(exchange, page)));
    }

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }
}
