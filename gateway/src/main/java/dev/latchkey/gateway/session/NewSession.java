package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.Subject;
import java.util.Optional;

/**
 * What a session starts with.
 *
 * @param credentialStamp changes when the user's password does; see {@link SessionView}
 * @param provider what an OpenID Provider said of the user, if one began the session
 */
public record NewSession(
        Subject subject, String credentialStamp, ClientFacts client, Optional<ProviderClaims> provider) {

    /** A session that a password begins. */
    public NewSession(Subject subject, String credentialStamp, ClientFacts client) {
        this(subject, credentialStamp, client, Optional.empty());
    }
}
