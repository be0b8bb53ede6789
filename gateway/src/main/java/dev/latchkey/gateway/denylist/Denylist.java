package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import reactor.core.publisher.Mono;

/**
 * Which tokens are refused before their time. No call fails with an exception for Redis being away: that is
 * {@link DenylistAnswer.Unavailable}, within the command time limit.
 */
public interface Denylist {

    /** How long an entry stays after the last access token that it refuses. */
    Duration BEYOND_ACCESS = Duration.ofSeconds(60);

    /**
     * Whether an access token of this session and generation is refused, by its session's entry or its user's instant.
     */
    Mono<DenylistAnswer> check(Subject subject, SessionId session, Generation generation, Instant authTime);

    /**
     * Whether this node knows that the session was revoked, alone or with all of its user's. Asked of a session that
     * Redis takes for a live one, for it may have lost the revocation. Asks nobody.
     */
    boolean isRevoked(Subject subject, SessionId session, Instant authTime);

    /**
     * Which of these roles an access token of this user may have: the others were withdrawn after it was made. Asks
     * nobody, and so knows what {@link #check} has found out before.
     */
    Roles remaining(Subject subject, Roles carried);

    /**
     * Whether a session that Redis takes for a live one had ended before: Redis may have been restored from an older
     * copy. Asks Redis only where this node remembers such a session; {@link DenylistAnswer.Unavailable} where it
     * cannot.
     *
     * @param expires the session's absolute end, in whole seconds as its refresh tokens say it
     */
    Mono<DenylistAnswer> checkEnded(SessionId session, Instant authTime, Instant expires);

    /**
     * Takes note that a session was revoked through this node, which then need not wait to hear of it.
     *
     * @param ends when the entry that Redis was given has nothing left to refuse
     */
    void revoked(SessionId session, Instant now, Instant ends);

    /** Whether sessions of this user that began at {@code authTime} are refused: asked before a rotation. */
    Mono<DenylistAnswer> checkUser(Subject subject, Instant authTime);

    /**
     * Refuses all sessions of this user that began before now, by the clock of Redis, for the absolute session life.
     */
    Mono<DenylistAnswer> denyUser(Subject subject);
}
