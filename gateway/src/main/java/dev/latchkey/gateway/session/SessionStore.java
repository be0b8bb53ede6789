package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.UserRecords;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import reactor.core.publisher.Mono;

/**
 * The sessions in Redis. No call fails with an exception for Redis being away: each has an outcome for that, within the
 * command time limit, and 503 is the only right answer to it.
 */
public interface SessionStore {

    /** Starts a session at generation 1. The session id is made here. */
    Mono<CreateOutcome> create(NewSession session);

    /** The rotation protocol's {@code rotate}: one script, one round trip. */
    Mono<RotateOutcome> rotate(RefreshClaims presented);

    /**
     * The same for a request whose access token, of the same generation, was refused because it carries a role that its
     * user no longer has. What is granted is {@code FORCED} where {@link #rotate} would have granted an access token of
     * a young generation.
     */
    Mono<RotateOutcome> renew(RefreshClaims presented);

    /**
     * Whether rotated tokens may still be set when the answer leaves late.
     *
     * @param withRefresh whether a refresh token is among them
     */
    Mono<CommitOutcome> commit(SessionId session, Generation generation, boolean withRefresh);

    /**
     * Whether the session lives and this is its newest generation: for who will not wait for a revocation to spread.
     */
    Mono<CurrentOutcome> isCurrent(SessionId session, Generation generation);

    /** Notes that a token of this generation was used; completes empty also where Redis is away, after retries. */
    Mono<Void> confirm(SessionId session, Generation generation);

    /** Ends a session and denies its access tokens at once. Ending one that is gone or ended is no error. */
    Mono<RevokeOutcome> revoke(SessionId session, RevocationReason reason);

    /**
     * Ends the session of a refresh token where a rotation with that token would be granted; else changes nothing.
     * Whether its signature holds is the caller's to check.
     */
    Mono<SignOutOutcome> signOut(RefreshClaims presented, RevocationReason reason);

    /** Ends all sessions of a user, the ones that nobody listed included (see the user's instant in the denylist). */
    Mono<RevokeOutcome> revokeAll(Subject subject, RevocationReason reason);

    /**
     * Ends the listed sessions of a user that began before an instant; the others are for {@link UserRecords#end},
     * which goes before.
     */
    Mono<RevokeOutcome> revokeBefore(Subject subject, Instant before, RevocationReason reason);

    /** Ends one of the user's own sessions; {@link RevokeOutcome.NotFound} where it is none of his. */
    Mono<RevokeOutcome> revokeOwn(Subject subject, PublicSessionId session, RevocationReason reason);

    /** The user's live sessions, the newest first. */
    Mono<ListOutcome> list(Subject subject);
}
