package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Roles;
import java.time.Instant;
import java.util.Optional;

/**
 * What an OpenID Provider last said of a session's user; it replaces what a users directory says of others.
 *
 * @param authTime when the user last signed in there: {@code auth_time} (OpenID Connect Core 1.0, section 2), which is
 *     another time than that at which the session began; whole seconds
 * @param acr how they signed in there (section 2)
 */
public record ProviderClaims(
        ProviderName provider,
        Roles roles,
        Optional<String> name,
        Optional<String> email,
        Optional<Instant> authTime,
        Optional<String> acr) {

    /** Shows only the provider, because logs must not become a list of users. */
    @Override
    public String toString() {
        return "ProviderClaims[of " + provider + "]";
    }
}
