package dev.latchkey.gateway.token;

import java.time.Instant;

/**
 * What an access token says.
 *
 * @param provider what an OpenID Provider said of the user
 */
public record AccessClaims(
        Subject subject,
        SessionId session,
        Generation generation,
        TokenId id,
        Instant issuedAt,
        Instant expiresAt,
        Instant authTime,
        Roles roles,
        IdTokenClaims provider)
        implements SessionClaims {

    /** Of a user of a users directory. */
    public AccessClaims(
            Subject subject,
            SessionId session,
            Generation generation,
            TokenId id,
            Instant issuedAt,
            Instant expiresAt,
            Instant authTime,
            Roles roles) {
        this(subject, session, generation, id, issuedAt, expiresAt, authTime, roles, IdTokenClaims.NONE);
    }
}
