package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Roles;
import java.time.Instant;
import java.util.Optional;

/**
 * Whom a valid ID token is about (OpenID Connect Core section 2).
 *
 * @param sub the user's {@code sub} at the provider, at most 255 characters
 * @param sid the provider's session
 * @param localName the name in the users directory, where the configuration joins the two by a claim
 * @param authTime when the provider last checked who it is
 * @param acr how well it did
 */
public record ProviderUser(
        ProviderName provider,
        String sub,
        Optional<String> sid,
        Optional<String> localName,
        Optional<String> name,
        Optional<String> email,
        Roles roles,
        Optional<Instant> authTime,
        Optional<String> acr) {

    /** Hides who it is. */
    @Override
    public String toString() {
        return "ProviderUser[provider=" + provider + "]";
    }
}
