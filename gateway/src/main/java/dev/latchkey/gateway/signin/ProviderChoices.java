package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.signin.SignInPage.Choice;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionClaims;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The OpenID Providers that users may sign in with. */
public interface ProviderChoices {

    /**
     * Each provider, in the order of the configuration.
     *
     * @param query what the address of each must end with, such as {@code return=%2Forders}
     */
    List<Choice> all(String query);

    /** What users call a provider; empty if there is none of this name. */
    Optional<String> label(ProviderName provider);

    /** The provider that began a session; empty if none did, or if that cannot be said now. Never fails. */
    Mono<Optional<ProviderName>> of(SessionClaims session);

    /**
     * Whether the provider of a user who is signed in gives no access token any more without the user, which routes ask
     * for; false if that cannot be said now. Never fails.
     */
    Mono<Boolean> hasEnded(AccessClaims caller);
}
