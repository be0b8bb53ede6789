package dev.latchkey.gateway.token;

import java.time.Instant;
import java.util.Optional;

/** What tokens say of sessions that are bound to nothing: no device, and no key of their client. */
public final class TestClaims {

    private TestClaims() {}

    /** When a token was issued, when it expires, and when its user proved who they are. */
    public record Times(Instant issuedAt, Instant expiresAt, Instant authTime) {}

    public static Times times(Instant issuedAt, Instant expiresAt, Instant authTime) {
        return new Times(issuedAt, expiresAt, authTime);
    }

    /** Of a user of a users directory. */
    public static AccessClaims access(
            Subject subject, SessionId session, Generation generation, TokenId id, Times times, Roles roles) {
        return access(subject, session, generation, id, times, roles, IdTokenClaims.NONE);
    }

    public static AccessClaims access(
            Subject subject,
            SessionId session,
            Generation generation,
            TokenId id,
            Times times,
            Roles roles,
            IdTokenClaims provider) {
        return new AccessClaims(
                subject,
                session,
                generation,
                id,
                times.issuedAt(),
                times.expiresAt(),
                times.authTime(),
                roles,
                provider,
                false,
                Optional.empty());
    }

    public static RefreshClaims refresh(
            Subject subject,
            SessionId session,
            Generation generation,
            TokenId branch,
            Instant issuedAt,
            Instant expiresAt,
            Instant authTime) {
        return new RefreshClaims(subject, session, generation, branch, issuedAt, expiresAt, authTime, Optional.empty());
    }

    /** With a user of whom no more is known. */
    public static IdentityClaims identity(
            Subject subject,
            PublicSessionId session,
            Roles roles,
            Audience audience,
            Instant issuedAt,
            Instant expiresAt) {
        return new IdentityClaims(
                subject,
                session,
                roles,
                Optional.empty(),
                Optional.empty(),
                audience,
                Optional.empty(),
                issuedAt,
                expiresAt);
    }
}
