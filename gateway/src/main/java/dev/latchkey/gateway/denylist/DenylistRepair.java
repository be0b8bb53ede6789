package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import reactor.core.publisher.Mono;

/**
 * Writes entries back that Redis has lost; made by the room that keeps the sessions, for a lost revocation is theirs.
 */
@FunctionalInterface
public interface DenylistRepair {

    /**
     * Writes one entry back for the rest of its life, and with the entry of a revoked session its revocation. Fails on
     * any trouble with Redis.
     */
    Mono<Void> restore(SessionId session, DenylistEntry entry);
}
