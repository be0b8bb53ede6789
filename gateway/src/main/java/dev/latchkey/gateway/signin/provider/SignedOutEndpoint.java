package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.token.ProviderName;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code GET /auth/signed-out}: where a provider leads back to after a sign-out, so that it begins no sign-in. To the
 * path that {@code return} of the sign-out named, it leads on; not past the word that the user is still signed in
 * elsewhere.
 */
@Component
final class SignedOutEndpoint {

    private final Providers providers;
    private final ProviderPages pages;
    private final AuthResponses responses;

    SignedOutEndpoint(Providers providers, ProviderPages pages, AuthResponses responses) {
        this.providers = providers;
        this.pages = pages;
        this.responses = responses;
    }

    Mono<ServerResponse> show(ServerRequest request) {
        Optional<Provider> stays = request.queryParam("provider")
                .filter(ProviderName::isWellFormed)
                .flatMap(name -> providers.find(new ProviderName(name)));
        Optional<ReturnPath> back =
                request.queryParam("state").map(ReturnPath::of).filter(path -> !path.equals(ReturnPath.ROOT));
        return back.isPresent() && stays.isEmpty()
                ? responses.redirect(request, back.get(), List.of())
                : pages.signedOut(request, stays, back);
    }
}
