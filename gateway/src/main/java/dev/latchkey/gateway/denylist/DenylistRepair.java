package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import reactor.core.publisher.Mono;

/**
 * Writes back entries that Redis has lost. The session package implements it, because a lost revocation changes the
 * session's record.
 */
@FunctionalInterface
public interface DenylistRepair {

    /**
     * Writes one entry back for the rest of its life, and with the entry of a revoked session its revocation. Fails on
     * any trouble with Redis.
     */
    Mono<Void> restore(SessionId session, DenylistEntry entry);
}
