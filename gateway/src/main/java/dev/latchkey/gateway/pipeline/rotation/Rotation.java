package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Rotates sessions for requests: transparent ones and the explicit refresh alike. No call fails with an exception. */
public interface Rotation {

    /**
     * Rotates with the newest of the presented refresh tokens. Requests that come at the same time with the same token
     * share one call, and a client that goes away takes nothing from the others.
     */
    Mono<RotationOutcome> rotate(List<RefreshToken> presented, RotationCause cause);

    /** Whether the tokens of this rotation may still be set now; trouble with Redis counts as no. */
    Mono<Boolean> maySet(RotationOutcome.Rotated rotated);

    /** Notes that a valid access token of this generation was seen, once a node and off the request's way. */
    void confirm(AccessClaims claims);

    /** What the newest valid refresh token says: the highest generation of the newest sign-in; empty where none is. */
    Optional<RefreshClaims> newest(List<RefreshToken> presented);
}
