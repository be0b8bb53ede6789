package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Issuer;
import io.jsonwebtoken.ClaimJwtException;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.LocatorAdapter;
import io.jsonwebtoken.UnsupportedJwtException;
import io.jsonwebtoken.security.SignatureException;
import java.security.Key;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.crypto.SecretKey;

/**
 * Verifies one kind of HS256 token (RFC 7515 section 5.2, RFC 8725). The library's own clock stands still before all
 * tokens, so that it never stops at {@code exp} with other checks undone; ours is looked at last.
 *
 * @param <C> the claims of this kind of token
 */
final class SignedTokenVerifier<C> {

    /** No cookie or header that the gateway writes comes near. */
    static final int LONGEST = 8 * 1024;

    private static final String ALGORITHM = Jwts.SIG.HS256.getId();

    private final JwtParser parser;
    private final Issuer issuer;
    private final InstantSource clock;
    private final Function<TokenClaims, C> claims;
    private final Function<C, Instant> expiry;

    SignedTokenVerifier(
            String type,
            Function<String, Optional<SecretKey>> keys,
            Issuer issuer,
            InstantSource clock,
            Function<TokenClaims, C> claims,
            Function<C, Instant> expiry) {
        this.parser = parser(new Keys(type, keys));
        this.issuer = issuer;
        this.clock = clock;
        this.claims = claims;
        this.expiry = expiry;
    }

    Verification<C> verify(String token) {
        if (token.length() > LONGEST) {
            return invalid(InvalidTokenReason.MALFORMED);
        }
        try {
            return believe(parser.parseSignedClaims(token).getPayload());
        } catch (Refused refused) {
            return invalid(refused.reason);
        } catch (SignatureException differs) {
            return invalid(
                    differs.getCause() instanceof UnsupportedJwtException
                            ? InvalidTokenReason.FOREIGN_KEY
                            : InvalidTokenReason.SIGNATURE);
        } catch (ClaimJwtException notForNow) {
            return invalid(InvalidTokenReason.CLAIMS);
        } catch (RuntimeException unreadable) {
            // Nothing is asked of anyone else here, so whatever the library throws is the fault of the token.
            return invalid(InvalidTokenReason.MALFORMED);
        }
    }

    private Verification<C> believe(Claims signed) {
        Set<String> audience = signed.getAudience();
        if (!issuer.value().equals(signed.getIssuer())
                || !Set.of(issuer.value()).equals(audience)) {
            return invalid(InvalidTokenReason.ISSUER_OR_AUDIENCE);
        }
        try {
            return timed(claims.apply(new TokenClaims(signed)));
        } catch (IllegalArgumentException | ArithmeticException unusable) {
            return invalid(InvalidTokenReason.CLAIMS);
        }
    }

    /** A token is dead on its {@code exp}, not after it (RFC 7519 section 4.1.4). */
    private Verification<C> timed(C believed) {
        return clock.instant().isBefore(expiry.apply(believed))
                ? new Verification.Valid<>(believed)
                : new Verification.Expired<>(believed);
    }

    private static <C> Verification<C> invalid(InvalidTokenReason reason) {
        return new Verification.Invalid<>(reason);
    }

    private static JwtParser parser(Keys keys) {
        return Jwts.parser()
                .clock(() -> Date.from(Instant.EPOCH))
                .sig()
                .clear()
                .add(Jwts.SIG.HS256)
                .and()
                .zip()
                .clear()
                .and()
                .keyLocator(keys)
                .build();
    }

    /** Finds the key, and refuses by the header alone what no signature could make acceptable. */
    private static final class Keys extends LocatorAdapter<Key> {

        private final String type;
        private final Function<String, Optional<SecretKey>> byId;

        Keys(String type, Function<String, Optional<SecretKey>> byId) {
            this.type = type;
            this.byId = byId;
        }

        @Override
        protected Key locate(JwsHeader header) {
            if (!ALGORITHM.equals(header.getAlgorithm())) {
                throw new Refused(InvalidTokenReason.FOREIGN_KEY);
            }
            if (!type.equals(header.getType())) {
                throw new Refused(InvalidTokenReason.TYPE);
            }
            if (header.containsKey("crit") || header.containsKey("zip") || header.containsKey("b64")) {
                throw new Refused(InvalidTokenReason.MALFORMED);
            }
            return Optional.ofNullable(header.getKeyId())
                    .flatMap(byId)
                    .orElseThrow(() -> new Refused(InvalidTokenReason.FOREIGN_KEY));
        }
    }

    /** Carries a reason out of the library's callback; costs no stack trace, for attackers would pay nothing for it. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final InvalidTokenReason reason;

        Refused(InvalidTokenReason reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }
    }
}
