package dev.latchkey.gateway.token;

import java.time.Instant;
import java.util.Optional;

/**
 * What a sign-in or rotation gives to the client.
 *
 * @param access the new access token
 * @param claims what it says
 * @param refresh the new refresh token; empty if the client's own stays the newest
 * @param sessionExpiresAt the absolute end of the session
 */
public record TokenPair(
        AccessToken access, AccessClaims claims, Optional<RefreshToken> refresh, Instant sessionExpiresAt) {}
