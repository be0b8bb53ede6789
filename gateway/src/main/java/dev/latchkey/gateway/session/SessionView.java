package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.Optional;

/**
 * What Redis says of a live session; enough to mint tokens of its current generation.
 *
 * @param created when it began, with milliseconds: {@code auth_time}
 * @param expires its absolute end
 * @param credentialStamp from {@link NewSession}; if the user's has changed, the session ends at its rotation
 * @param provider what an OpenID Provider last said of the user, if one began the session
 * @param now the time by the clock of Redis at the answer
 */
public record SessionView(
        SessionId id,
        Subject subject,
        Generation generation,
        Instant created,
        Instant expires,
        String credentialStamp,
        Optional<ProviderClaims> provider,
        Instant now) {}
