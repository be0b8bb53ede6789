package dev.latchkey.gateway.session;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How forgiving rotation is.
 *
 * @param grace How long a superseded refresh token is still accepted, to absorb parallel requests and lost answers;
 *     from 2 seconds to a third of {@code latchkey.token.access-ttl}
 */
@ConfigurationProperties("latchkey.rotation")
public record RotationProperties(@DefaultValue("10s") Duration grace) {

    private static final Duration SHORTEST = Duration.ofSeconds(2);

    public RotationProperties {
        if (grace.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "latchkey.rotation.grace must be at least 2s: more than a second plus the"
                            + " travel of an answer and a request");
        }
    }

    /** A sentence, if the lives of tokens and sessions do not fit together, or to the grace. */
    public Optional<String> fault(TokenProperties token, SessionProperties session) {
        try {
            var unused = Lifetimes.of(token, this, session);
            return Optional.empty();
        } catch (StartupException wrong) {
            return Optional.of(wrong.sentence());
        }
    }
}
