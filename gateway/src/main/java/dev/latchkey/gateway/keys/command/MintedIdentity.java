package dev.latchkey.gateway.keys.command;

import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Whom a developer wants a token of.
 *
 * @param ttl how long it lives, a second or more
 */
record MintedIdentity(
        Subject subject, Roles roles, Audience audience, Optional<String> name, Optional<String> email, Duration ttl) {

    /** That of a gateway that nothing is configured of. */
    static final String DEFAULT_TTL = "6m";

    private static final SecureRandom RANDOM = new SecureRandom();

    /** @throws IllegalArgumentException for what no gateway would put into a token */
    MintedIdentity {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("the ttl is a second or more");
        }
        if (roles.names().stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a role is not blank");
        }
    }

    /** The roles of a list such as {@code customer,admin}; an empty one has none. */
    static Roles roles(String list) {
        return list.isBlank() ? Roles.NONE : Roles.of(List.of(list.strip().split(" *, *", -1)));
    }

    /** A token of a session that does not exist. */
    String token(IdentityTokenSigner signer, InstantSource clock) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return signer.sign(new IdentityClaims(
                        subject,
                        SessionId.random(RANDOM).publicId(),
                        roles,
                        name,
                        email,
                        audience,
                        Optional.empty(),
                        now,
                        now.plus(ttl)))
                .value();
    }
}
