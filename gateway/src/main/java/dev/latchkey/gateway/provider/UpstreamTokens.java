package dev.latchkey.gateway.provider;

import java.util.Optional;

/**
 * What a provider granted for one session.
 *
 * @param client to which client; that one alone can refresh and revoke them (RFC 6749 section 6)
 * @param refresh the refresh token
 * @param access the access token
 * @param idToken the ID token as it came, for {@code id_token_hint}
 * @param scope what was granted, as the provider spells it (RFC 6749 section 3.3); empty if it did not say
 * @param dpopKey the private key to which they are bound (RFC 9449), as a JWK (RFC 7517)
 */
public record UpstreamTokens(
        ClientType client,
        Optional<String> refresh,
        Optional<String> access,
        Optional<String> idToken,
        String scope,
        Optional<String> dpopKey) {

    /** Says which are there, and nothing of them. */
    @Override
    public String toString() {
        return "UpstreamTokens[refresh=%s, access=%s, idToken=%s, dpopKey=%s]"
                .formatted(refresh.isPresent(), access.isPresent(), idToken.isPresent(), dpopKey.isPresent());
    }
}
