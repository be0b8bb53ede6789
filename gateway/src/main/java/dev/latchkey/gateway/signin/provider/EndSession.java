package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.page.ReturnPath;
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

    /** Encoded; providers send it back in an address. */
    private static final int MAX_STATE = 1024;

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
    public Mono<Optional<Next>> next(ServerWebExchange exchange, SessionClaims session, ReturnPath back) {
        return sessions.provider(session)
                .flatMap(name -> name.flatMap(providers::find)
                        .map(provider -> provider.endSessionEndpoint()
                                .map(endpoint -> there(exchange, session, provider, endpoint, back))
                                .orElseGet(() -> Mono.just(here(exchange, provider, back))))
                        .orElseGet(() -> Mono.just(Optional.empty())));
    }

    private Mono<Optional<Next>> there(
            ServerWebExchange exchange, SessionClaims session, Provider provider, URI endpoint, ReturnPath back) {
        return upstreams.idTokenHint(session.session()).map(hint -> {
            String separator = endpoint.getRawQuery() == null ? "?" : "&";
            String query = hint.map(token -> separator + "id_token_hint=" + encoded(token)
                            + "&post_logout_redirect_uri="
                            + encoded(addresses
                                    .of(exchange, paths.of(Endpoint.SIGNED_OUT))
                                    .toString())
                            + wish("&state=", back))
                    .orElse("");
            return Optional.of(new Next(provider.label(), URI.create(endpoint + query)));
        });
    }

    /** Google, for one, has no such endpoint. */
    private Optional<Next> here(ServerWebExchange exchange, Provider provider, ReturnPath back) {
        String page = paths.of(Endpoint.SIGNED_OUT) + "?provider=" + provider.name() + wish("&state=", back);
        return Optional.of(new Next(provider.label(), addresses.of(exchange, page)));
    }

    /** A provider hands {@code state} back as it is (section 3), and it is checked as a path again when it comes. */
    private static String wish(String parameter, ReturnPath back) {
        String path = encoded(back.value());
        return back.equals(ReturnPath.ROOT) || path.length() > MAX_STATE ? "" : parameter + path;
    }

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }
}
