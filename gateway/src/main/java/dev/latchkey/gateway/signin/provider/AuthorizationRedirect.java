package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.provider.AuthorizationRequests;
import dev.latchkey.gateway.provider.AuthorizationRequests.Parameters;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.ProviderName;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Begins an attempt and sends the browser to the provider (OpenID Connect Core section 3.1.2.1). */
@Component
final class AuthorizationRedirect {

    private final AuthorizationRequests requests;
    private final AttemptCookies attempts;
    private final PublicAddresses addresses;
    private final ProviderPages pages;
    private final AuthResponses responses;
    private final EndpointPaths paths;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    AuthorizationRedirect(
            AuthorizationRequests requests,
            AttemptCookies attempts,
            PublicAddresses addresses,
            ProviderPages pages,
            AuthResponses responses,
            EndpointPaths paths,
            InstantSource clock) {
        this.requests = requests;
        this.attempts = attempts;
        this.addresses = addresses;
        this.pages = pages;
        this.responses = responses;
        this.paths = paths;
        this.clock = clock;
    }

    /** @param more cookies of an attempt that this one follows */
    Mono<ServerResponse> begin(
            ServerRequest request,
            Provider provider,
            Attempt.Back back,
            Attempt.Wish wish,
            int restarts,
            List<SetCookie> more) {
        Attempt attempt = Attempt.begin(provider.name(), back, wish, restarts, clock.instant(), random);
        return requests.address(provider, parameters(request, attempt))
                .flatMap(outcome -> outcome.fold(
                        at -> responses.redirect(at.uri(), cookies(request, attempt, more)),
                        away -> pages.refused(request, provider, Refusal.UNAVAILABLE, Optional.of(back), more)));
    }

    private List<SetCookie> cookies(ServerRequest request, Attempt attempt, List<SetCookie> more) {
        List<SetCookie> all = new ArrayList<>(more);
        all.addAll(attempts.begin(request.exchange().getRequest(), attempt));
        return all;
    }

    private Parameters parameters(ServerRequest request, Attempt attempt) {
        Attempt.Wish wish = attempt.wish();
        return new Parameters(
                redirectUri(request, attempt.provider()),
                attempt.state(),
                attempt.nonce(),
                attempt.challenge(),
                wish.silent() ? Optional.of("none") : Optional.empty(),
                wish.loginHint(),
                wish.maxAge(),
                wish.acrValues());
    }

    /** One for each provider, so that none can pass off another's answer as its own (RFC 9700 section 4.4.2). */
    URI redirectUri(ServerRequest request, ProviderName provider) {
        return addresses.of(request.exchange(), paths.of(Endpoint.PROVIDER_CALLBACK, provider));
    }
}
