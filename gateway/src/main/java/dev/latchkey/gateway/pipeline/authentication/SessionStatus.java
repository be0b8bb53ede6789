package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.session.SessionReader.State.Live;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.Optional;

/** What the holder of a request's tokens may know of their session. */
public sealed interface SessionStatus {

    /**
     * They are signed in.
     *
     * @param accessEnd when the access token ends; empty if only a refresh token holds the session
     * @param live the session itself; empty if Redis could not be asked, or has lost its record
     */
    record SignedIn(
            Subject subject,
            SessionId session,
            Roles roles,
            IdTokenClaims provider,
            Optional<Instant> accessEnd,
            Optional<Live> live)
            implements SessionStatus {

        static SignedIn of(AccessClaims claims, Optional<Live> live) {
            return new SignedIn(
                    claims.subject(),
                    claims.session(),
                    claims.roles(),
                    claims.provider(),
                    Optional.of(claims.expiresAt()),
                    live);
        }
    }

    /**
     * They are not.
     *
     * @param problem the 401
     */
    record SignedOut(Problem problem) implements SessionStatus {}

    /**
     * Nothing can be said.
     *
     * @param problem 400 (ambiguous credentials), 401 (a proof that is not accepted), 403 (cross-site) or 503 (could
     *     not be checked)
     */
    record Stopped(Problem problem) implements SessionStatus {}
}
