package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.keys.SealingKeys;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Seals tokens for Redis, each session's by a key of its own. Provider, session and number are authenticated with them,
 * so that they open in no other place, and older ones not in the place of newer ones.
 */
@Component
final class Sealer {

    private final SealingKeys keys;

    Sealer(SealingKeys keys) {
        this.keys = keys;
    }

    /** @param number of the tokens, see prelude.lua */
    String seal(ProviderName provider, SessionId session, long number, HeldTokens tokens) {
        return keys.seal(session.value(), place(provider, session, number), tokens.bytes());
    }

    /** Empty if the key has retired, or this is not what was sealed for this place. */
    Optional<HeldTokens> open(ProviderName provider, SessionId session, long number, String sealed) {
        return keys.open(session.value(), place(provider, session, number), sealed)
                .flatMap(HeldTokens::parse);
    }

    private static byte[] place(ProviderName provider, SessionId session, long number) {
        return String.join("|", "v1", provider.value(), session.value(), Long.toString(number))
                .getBytes(StandardCharsets.UTF_8);
    }
}
