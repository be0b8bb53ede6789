package dev.latchkey.gateway.pipeline.identity;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.IdentityProperties;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** From when until when an identity token is valid. */
@Component
final class IdentityLifetime {

    private final Duration ttl;
    private final Duration accessTtl;
    private final SessionProperties sessions;

    IdentityLifetime(IdentityProperties properties, TokenProperties tokens, SessionProperties sessions) {
        this.ttl = properties.ttl(tokens);
        this.accessTtl = tokens.accessTtl();
        this.sessions = sessions;
    }

    /** How long the longest lives. */
    Duration longest() {
        return ttl;
    }

    /** Whole seconds, as tokens have them. */
    Instant start(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * When a token ends that is signed now: never after the caller's session, as far as the access token and the
     * configuration tell its end.
     */
    Instant end(AccessClaims caller, Instant now) {
        return Stream.of(
                        now.plus(ttl),
                        sessions.latestEnd(caller),
                        caller.issuedAt().plus(sessions.idleTimeout()),
                        sessionEnd(caller))
                .min(Instant::compareTo)
                .orElseThrow()
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** An access token that lives shorter than usual ends with its session. */
    private Instant sessionEnd(AccessClaims caller) {
        boolean isCut = caller.expiresAt().isBefore(caller.issuedAt().plus(accessTtl));
        return isCut ? caller.expiresAt() : Instant.MAX;
    }
}
