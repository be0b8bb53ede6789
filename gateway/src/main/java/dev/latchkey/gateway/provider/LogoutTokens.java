package dev.latchkey.gateway.provider;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.latchkey.gateway.token.ProviderName;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Judges the tokens by which providers end sessions (OpenID Connect Back-Channel Logout section 2.6). */
public final class LogoutTokens {

    /** Named for these tokens (RFC 8725 section 3.11), or left out by providers that are older than the name. */
    private static final Set<String> TYPES = Set.of("logout+jwt", "application/logout+jwt", "jwt", "");

    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    /** By the provider's clock. A token that ends later could not be told from a replay for so long. */
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

    private final SignedClaims tokens;

    LogoutTokens(SignedClaims tokens) {
        this.tokens = tokens;
    }

    /** Judges one. Whether it came before is for the caller to find out, by its {@code jti}. */
    public Mono<Verdict> judge(Provider provider, String raw) {
        return tokens.verify(provider, raw, TYPES, EnumSet.allOf(ClientType.class))
                .map(verified -> verified.fold(claims -> judge(provider, claims), Bad::new, KeysAway::new));
    }

    private Verdict judge(Provider provider, JWTClaimsSet claims) {
        try {
            Optional<String> fault = fault(claims);
            return fault.<Verdict>map(Bad::new).orElseGet(() -> good(provider, claims));
        } catch (ParseException | RuntimeException malformed) {
            return new Bad("its claims are malformed");
        }
    }

    private Optional<String> fault(JWTClaimsSet claims) throws ParseException {
        boolean isLogout =
                claims.getClaim("events") instanceof Map<?, ?> events && events.get(EVENT) instanceof Map<?, ?>;
        if (!isLogout) {
            return Optional.of("it is not about a logout");
        }
        if (claims.getClaim("nonce") != null) {
            return Optional.of("it has a nonce, which logout tokens must not have");
        }
        if (!SignedClaims.isName(claims.getJWTID())) {
            return Optional.of("it has no jti");
        }
        String sub = claims.getSubject();
        String sid = claims.getStringClaim("sid");
        boolean isOfSomebody = (sub != null || sid != null)
                && (sub == null || SignedClaims.isName(sub))
                && (sid == null || SignedClaims.isName(sid));
        if (!isOfSomebody) {
            return Optional.of("it has neither a sub nor a sid");
        }
        Instant latest = tokens.now().plus(LONGEST_LIFE).plus(SignedClaims.LEEWAY);
        return claims.getExpirationTime().toInstant().isAfter(latest)
                ? Optional.of("it would be valid for more than 15 minutes")
                : Optional.empty();
    }

    private Verdict good(Provider provider, JWTClaimsSet claims) {
        Duration rest = Duration.between(
                        tokens.now(), claims.getExpirationTime().toInstant())
                .plus(SignedClaims.LEEWAY);
        return new Good(
                provider.name(),
                claims.getJWTID(),
                Optional.ofNullable(claims.getSubject()),
                Optional.ofNullable((String) claims.getClaim("sid")),
                rest);
    }

    /** What a logout token is worth. */
    public sealed interface Verdict {

        default <R> R fold(Function<Good, R> good, Function<Bad, R> bad, Supplier<R> keysAway) {
            if (this instanceof Good token) {
                return good.apply(token);
            }
            return this instanceof Bad token ? bad.apply(token) : keysAway.get();
        }
    }

    /**
     * It ends sessions.
     *
     * @param jti by which a replay is known
     * @param sub whose sessions; all of them where there is no {@code sid}
     * @param sid the provider's session
     * @param rest for how long it must be remembered
     */
    public record Good(ProviderName provider, String jti, Optional<String> sub, Optional<String> sid, Duration rest)
            implements Verdict {

        /** Hides whose sessions. */
        @Override
        public String toString() {
            return "Good[provider=" + provider + "]";
        }
    }

    /**
     * It ends nothing (400).
     *
     * @param why a sentence without personal data
     */
    public record Bad(String why) implements Verdict {}

    /** The provider's keys are not to be had now (503). */
    public record KeysAway() implements Verdict {}
}
