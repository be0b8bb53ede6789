package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.token.Audience;
import java.util.Map;
import java.util.Optional;

/**
 * What a route requires of a request.
 *
 * @param roles which roles the caller must have
 * @param audience the backend that tokens are for; where the provider's access token is relayed, it is exchanged for
 *     one with this audience if there is one (RFC 8693)
 */
public record AccessRule(AccessLevel access, RequiredRoles roles, Optional<Audience> audience, AccessOptions options) {

    /** The key under which a route's metadata hold its rule. */
    public static final String METADATA_KEY = "latchkey.access-rule";

    public AccessRule {
        if (access == AccessLevel.PUBLIC && !roles.isEmpty()) {
            throw new IllegalArgumentException("a public route cannot require roles");
        }
        if (access != AccessLevel.PUBLIC && audience.isEmpty() && options.relay() == Relay.IDENTITY) {
            throw new IllegalArgumentException("identity tokens need an audience");
        }
        if (access == AccessLevel.PUBLIC && options.strict()) {
            throw new IllegalArgumentException("a public route has no session to read");
        }
    }

    /** The rule that a route's metadata hold. */
    public static Optional<AccessRule> of(Map<String, Object> metadata) {
        return metadata.get(METADATA_KEY) instanceof AccessRule rule ? Optional.of(rule) : Optional.empty();
    }
}
