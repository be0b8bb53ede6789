package dev.latchkey.gateway.token;

import java.time.Instant;
import java.util.Optional;

/**
 * What an OpenID Provider says of its user, or a users directory of one of its own, as far as it is known (OpenID
 * Connect Core sections 2 and 5.1). A directory says the name and the address alone.
 *
 * @param name for people to read
 * @param email for people to read; nothing is ever decided by it
 * @param authTime when the user last proved to the provider who they are, in whole seconds; the session may have begun
 *     much later
 * @param acr in which way they did
 */
public record IdTokenClaims(
        Optional<String> name, Optional<String> email, Optional<Instant> authTime, Optional<String> acr) {

    public static final IdTokenClaims NONE =
            new IdTokenClaims(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Of an OpenID Provider, whose silence about the time counts as long ago: the session may have begun much later
     * than the user proved anything, so its beginning says nothing.
     */
    public static IdTokenClaims ofProvider(
            Optional<String> name, Optional<String> email, Optional<Instant> authTime, Optional<String> acr) {
        return new IdTokenClaims(name, email, authTime.or(() -> Optional.of(Instant.EPOCH)), acr);
    }

    /** Hides name and address, because logs must not become a list of users. */
    @Override
    public String toString() {
        return "IdTokenClaims[hidden]";
    }
}
