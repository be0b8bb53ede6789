package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenPair;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Rotates sessions for requests: transparent ones and the explicit refresh alike. */
public interface Rotation {

    /**
     * Rotates with the newest of the presented refresh tokens. Requests that come at the same time with the same token
     * share one call, and a client that goes away takes nothing from the others.
     */
    Mono<RotationOutcome> rotate(List<RefreshToken> presented);

    /** Whether the tokens of this rotation may still be set now; trouble with Redis counts as no. */
    Mono<Boolean> maySet(RotationOutcome.Rotated rotated);

    /** The session that the newest valid refresh token names, for sign-out; empty where none is valid. */
    Optional<SessionId> sessionOf(List<RefreshToken> presented);

    /** Mints the first pair of a session. */
    TokenPair mint(SessionView session, Roles roles);
}
