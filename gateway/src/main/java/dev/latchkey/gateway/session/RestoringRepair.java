package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.DenylistEntry;
import dev.latchkey.gateway.denylist.DenylistRepair;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.token.SessionId;
import reactor.core.publisher.Mono;

/** Writes lost entries back by a script that also ends a session whose revocation was lost with its entry. */
final class RestoringRepair implements DenylistRepair {

    private final TimedScripts redis;
    private final SessionScripts scripts;

    RestoringRepair(TimedScripts redis, SessionScripts scripts) {
        this.redis = redis;
        this.scripts = scripts;
    }

    @Override
    public Mono<Void> denylistRepair(SessionId session, DenylistEntry entry) {
        return redis.run(
                        scripts.restore(),
                        SessionKeys.all(session),
                        session.value(),
                        entry.minGeneration(),
                        entry.nextMinGeneration(),
                        entry.effectiveAt(),
                        entry.expiresAt())
                .then();
    }
}
