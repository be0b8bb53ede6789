package dev.latchkey.gateway.token;

import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a backend learns about the caller.
 *
 * @param session the public id, never the session id itself
 * @param name for people to read, where a provider said it
 * @param email the same
 * @param boundTo the key that the caller proved to hold
 * @param expiresAt never after the session's end
 */
public record IdentityClaims(
        Subject subject,
        PublicSessionId session,
        Roles roles,
        Optional<String> name,
        Optional<String> email,
        Audience audience,
        Optional<KeyThumbprint> boundTo,
        Instant issuedAt,
        Instant expiresAt) {

    /** How much longer than an access token an identity token lives unless configured. */
    public static final Duration BEYOND_ACCESS = Duration.ofSeconds(60);
}
