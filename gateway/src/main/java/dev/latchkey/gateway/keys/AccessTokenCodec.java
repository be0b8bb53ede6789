package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Issuer;
import java.time.InstantSource;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/**
 * Signs and verifies access tokens (RFC 9068), HS256 JWTs: only the gateway reads them, so both sides use one secret.
 * Neither call blocks.
 *
 * <p>A valid token is verified once, as a page sends the same one with each of its requests. The result holds until
 * {@code exp} and only for the keys that it was verified with; the denylist is asked elsewhere, for each request.
 * Invalid tokens are not remembered, so that garbage cannot displace valid ones.
 */
public final class AccessTokenCodec {

    private final Supplier<KeySets> keys;
    private final InstantSource clock;
    private final Hs256Tokens<AccessClaims> tokens;
    private final VerifiedTokens verified;

    AccessTokenCodec(Supplier<KeySets> keys, Issuer issuer, InstantSource clock, VerifiedTokens verified) {
        this.keys = keys;
        this.clock = clock;
        this.tokens =
                new Hs256Tokens<>(Hs256Tokens.ACCESS, () -> keys.get().access(), issuer, clock, AccessTokenCodec::read);
        this.verified = verified;
    }

    /** Signs with the newest active access key. */
    public AccessToken sign(AccessClaims claims) {
        return new AccessToken(tokens.sign(claims, json -> write(claims, json)));
    }

    private static void write(AccessClaims claims, JsonGenerator json) {
        json.writeArrayPropertyStart(TokenClaims.ROLES);
        claims.roles().names().forEach(json::writeString);
        json.writeEndArray();
        IdTokenClaims provider = claims.provider();
        provider.name().ifPresent(name -> json.writeStringProperty(TokenClaims.NAME, name));
        provider.email().ifPresent(email -> json.writeStringProperty(TokenClaims.EMAIL, email));
        provider.authTime()
                .ifPresent(time -> json.writeNumberProperty(TokenClaims.PROVIDER_AUTH_TIME, time.getEpochSecond()));
        provider.acr().ifPresent(acr -> json.writeStringProperty(TokenClaims.ACR, acr));
        if (claims.deviceBound()) {
            json.writeBooleanProperty(TokenClaims.DEVICE_BOUND, true);
        }
    }

    /** Verifies with the key that the token names; everything is checked also if the token has expired. */
    public Verification<AccessClaims> verify(AccessToken token) {
        KeySets active = keys.get();
        AccessClaims known = verified.find(token, active);
        return known != null && !known.hasExpired(clock.millis())
                ? new Verification.Valid<>(known)
                : verify(token, active);
    }

    /** @param active read before the token is verified: a swap in between costs another verification, nothing else */
    private Verification<AccessClaims> verify(AccessToken token, KeySets active) {
        Verification<AccessClaims> result = tokens.verify(token.value());
        if (result instanceof Verification.Valid<AccessClaims> valid) {
            verified.add(token, active, valid.claims());
        }
        return result;
    }

    private static AccessClaims read(TokenClaims claims) {
        return new AccessClaims(
                claims.subject(),
                claims.session(),
                claims.generation(),
                claims.id(),
                claims.issuedAt(),
                claims.expiresAt(),
                claims.authTime(),
                claims.roles(),
                claims.provider(),
                claims.deviceBound(),
                claims.boundTo());
    }
}
