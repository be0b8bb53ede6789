package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.token.ProviderName;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /auth/signed-out}: where a provider leads back to after a sign-out, so that it begins no sign-in. */
@Component
final class SignedOutEndpoint {

    private final Providers providers;
    private final ProviderPages pages;

    SignedOutEndpoint(Providers providers, ProviderPages pages) {
        this.providers = providers;
        this.pages = pages;
    }

    Mono<ServerResponse> show(ServerRequest request) {
        Optional<Provider> stays = request.queryParam("provider")
                .filter(ProviderName::isWellFormed)
                .flatMap(name -> providers.find(new ProviderName(name)));
        return pages.signedOut(request, stays);
    }
}
