package dev.latchkey.gateway.token;

import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Instant;
import java.util.Optional;

/**
 * What an access token says. A node remembers hundreds of thousands of these, and reads one for each request: so times
 * and ids are numbers in here.
 *
 * @param gen {@link #generation}
 * @param idHigh the first half of {@link #id}
 * @param idLow the second half
 * @param issued {@link #issuedAt} in milliseconds since 1970, as are the other two
 * @param provider what an OpenID Provider said of the user
 * @param deviceBound whether the session is bound to a device, which proved itself when this was made
 * @param boundTo the key of its client, without whose proof it is refused (RFC 9449)
 */
public record AccessClaims(
        Subject subject,
        SessionId session,
        int gen,
        int idHigh,
        long idLow,
        long issued,
        long expires,
        long authenticated,
        Roles roles,
        IdTokenClaims provider,
        boolean deviceBound,
        Optional<KeyThumbprint> boundTo)
        implements SessionClaims {

    /** By values, of which it keeps the numbers. */
    public AccessClaims(
            Subject subject,
            SessionId session,
            Generation generation,
            TokenId id,
            Instant issuedAt,
            Instant expiresAt,
            Instant authTime,
            Roles roles,
            IdTokenClaims provider,
            boolean deviceBound,
            Optional<KeyThumbprint> boundTo) {
        this(
                subject,
                session,
                generation.number(),
                id.high(),
                id.low(),
                issuedAt.toEpochMilli(),
                expiresAt.toEpochMilli(),
                authTime.toEpochMilli(),
                roles,
                provider,
                deviceBound,
                boundTo);
    }

    /** These claims with an equal object for the roles, which many tokens then share. */
    public AccessClaims sharing(Roles same) {
        return new AccessClaims(
                subject,
                session,
                gen,
                idHigh,
                idLow,
                issued,
                expires,
                authenticated,
                same,
                provider,
                deviceBound,
                boundTo);
    }

    @Override
    public Generation generation() {
        return Generation.of(gen);
    }

    @Override
    public TokenId id() {
        return new TokenId(idHigh, idLow);
    }

    @Override
    public Instant issuedAt() {
        return Instant.ofEpochMilli(issued);
    }

    @Override
    public Instant expiresAt() {
        return Instant.ofEpochMilli(expires);
    }

    @Override
    public Instant authTime() {
        return Instant.ofEpochMilli(authenticated);
    }

    /**
     * Whether only the holder of a key goes on with its session: the device of a browser, or a client that proves it.
     */
    public boolean isBound() {
        return deviceBound || boundTo.isPresent();
    }

    /** Whether it has ended at this time, in milliseconds since 1970. */
    public boolean hasExpired(long now) {
        return now >= expires;
    }
}
