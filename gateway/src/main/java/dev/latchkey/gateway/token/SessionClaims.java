package dev.latchkey.gateway.token;

import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Instant;
import java.util.Optional;

/** What access and refresh tokens both say, once their signature, type, issuer and audience are verified. */
public interface SessionClaims {

    Subject subject();

    SessionId session();

    Generation generation();

    /** {@code jti} (RFC 7519 section 4.1.7), fresh for each token. */
    TokenId id();

    /** {@code iat}, by the clock of Redis, whole seconds. */
    Instant issuedAt();

    /** {@code exp}, whole seconds. */
    Instant expiresAt();

    /** When the session began, with its milliseconds. */
    Instant authTime();

    /** The key that its presenter must prove to hold; empty for a bearer token. */
    Optional<KeyThumbprint> boundTo();
}
