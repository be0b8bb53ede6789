package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.Base64UrlStream;
import dev.latchkey.gateway.keys.Verification.InvalidTokenReason;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.SessionClaims;
import io.jsonwebtoken.ClaimJwtException;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.JwtBuilder;
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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;

/**
 * Signs and verifies one kind of HS256 token (RFC 7515 section 5, RFC 8725), which only the gateway reads. The
 * library's own clock stands still before all tokens, so that it never stops at {@code exp} with other checks undone;
 * ours is looked at last.
 *
 * @param <C> the claims of this kind of token
 */
final class Hs256Tokens<C extends SessionClaims> {

    /**
     * The {@code typ} of access tokens (RFC 9068 section 2.1), so that none passes for another kind (RFC 8725, 3.11).
     */
    static final String ACCESS = "at+jwt";

    /** The {@code typ} of refresh tokens. */
    static final String REFRESH = "rt+jwt";

    /**
     * Before the {@code typ} of a token that is bound to a key: a node of a version that knows nothing of that would
     * take it from any bearer, and refuses it so.
     */
    static final String BOUND = "dpop-";

    /** Far longer than any token of the gateway. */
    static final int LONGEST = 8 * 1024;

    private static final String ALGORITHM = Jwts.SIG.HS256.getId();

    private final String type;
    private final String boundType;
    private final Supplier<KeySchedule<SecretKey>> keys;
    private final Issuer issuer;
    private final InstantSource clock;
    private final Function<TokenClaims, C> claims;
    private final JwtParser parser;

    /** @param claims reads the claims of a token whose signature, type, issuer and audience are verified */
    Hs256Tokens(
            String type,
            Supplier<KeySchedule<SecretKey>> keys,
            Issuer issuer,
            InstantSource clock,
            Function<TokenClaims, C> claims) {
        this.type = type;
        this.boundType = BOUND + type;
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
        this.claims = claims;
        this.parser = parser(new Keys());
    }

    /** @param more adds what only this kind of token says */
    String sign(C content, UnaryOperator<JwtBuilder> more) {
        TimedKey<SecretKey> key = keys.get().signing(clock);
        JwtBuilder builder = Jwts.builder()
                .b64Url(Base64UrlStream::new)
                .header()
                .type(content.boundTo().isPresent() ? boundType : type)
                .keyId(key.id())
                .and()
                .issuer(issuer.value())
                .audience()
                .add(issuer.value())
                .and()
                .subject(content.subject().value())
                .claim(TokenClaims.SESSION, content.session().value())
                .claim(TokenClaims.GENERATION, content.generation().number())
                .id(content.id().value())
                .issuedAt(Date.from(content.issuedAt()))
                .expiration(Date.from(content.expiresAt()))
                .claim(TokenClaims.AUTH_TIME, TokenClaims.numericDate(content.authTime()));
        content.boundTo().ifPresent(bound -> builder.claim(TokenClaims.CONFIRMATION, TokenClaims.confirmation(bound)));
        return more.apply(builder).signWith(key.key(), Jwts.SIG.HS256).compact();
    }

    Verification<C> verify(String token) {
        if (token.length() > LONGEST) {
            return invalid(InvalidTokenReason.MALFORMED);
        }
        try {
            return believe(parser.parseSignedClaims(token));
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
            // Nothing else is involved, so anything that the library throws is due to the token.
            return invalid(InvalidTokenReason.MALFORMED);
        }
    }

    private Verification<C> believe(Jws<Claims> token) {
        Claims signed = token.getPayload();
        Set<String> audience = signed.getAudience();
        if (!issuer.value().equals(signed.getIssuer())
                || !Set.of(issuer.value()).equals(audience)) {
            return invalid(InvalidTokenReason.ISSUER_OR_AUDIENCE);
        }
        try {
            C believed = claims.apply(new TokenClaims(signed));
            boolean isBound = boundType.equals(token.getHeader().getType());
            return believed.boundTo().isPresent() == isBound ? timed(believed) : invalid(InvalidTokenReason.CLAIMS);
        } catch (IllegalArgumentException | ArithmeticException unusable) {
            return invalid(InvalidTokenReason.CLAIMS);
        }
    }

    /** A token is dead on its {@code exp}, not after it (RFC 7519 section 4.1.4). */
    private Verification<C> timed(C believed) {
        return clock.instant().isBefore(believed.expiresAt())
                ? new Verification.Valid<>(believed)
                : new Verification.Expired<>(believed);
    }

    private static <C> Verification<C> invalid(InvalidTokenReason reason) {
        return new Verification.Invalid<>(reason);
    }

    private static JwtParser parser(LocatorAdapter<Key> keys) {
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
    private final class Keys extends LocatorAdapter<Key> {

        @Override
        protected Key locate(JwsHeader header) {
            if (!ALGORITHM.equals(header.getAlgorithm())) {
                throw new Refused(InvalidTokenReason.FOREIGN_KEY);
            }
            if (!type.equals(header.getType()) && !boundType.equals(header.getType())) {
                throw new Refused(InvalidTokenReason.TYPE);
            }
            if (header.containsKey("crit") || header.containsKey("zip") || header.containsKey("b64")) {
                throw new Refused(InvalidTokenReason.MALFORMED);
            }
            return Optional.ofNullable(header.getKeyId())
                    .flatMap(id -> keys.get().verifying(id, clock.instant()))
                    .orElseThrow(() -> new Refused(InvalidTokenReason.FOREIGN_KEY));
        }
    }

    /**
     * Carries a reason out of the library's callback; without a stack trace, which attackers could have made for free.
     */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final InvalidTokenReason reason;

        Refused(InvalidTokenReason reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }
    }
}
