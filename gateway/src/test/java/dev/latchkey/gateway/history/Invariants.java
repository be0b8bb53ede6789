package dev.latchkey.gateway.history;

import java.time.Duration;

/**
 * What the checker holds the gateway to.
 *
 * @param grace what was under way for longer is not forgiven
 * @param propagation within which every node has heard of a revocation
 * @param keepsWrites whether Redis keeps what it acknowledged; after a failover that does not, generations may step
 *     back
 */
record Invariants(Duration grace, Duration propagation, boolean keepsWrites) {

    /** So long an answer may stay with the node before it asks whether it may still be set. */
    private static final long PROMPT = 1000;

    boolean forgives(Exchange exchange) {
        return exchange.travel().underWay() + PROMPT < grace.toMillis();
    }
}
