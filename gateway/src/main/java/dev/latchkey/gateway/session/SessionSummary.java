package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.PublicSessionId;
import java.time.Instant;

/**
 * A session as its owner sees it.
 *
 * @param created when it began
 * @param lastUsed its last rotation, or its beginning
 * @param expires its absolute end
 */
public record SessionSummary(
        PublicSessionId id, Instant created, Instant lastUsed, Instant expires, ClientFacts client) {}
