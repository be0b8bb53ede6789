package dev.latchkey.gateway.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.provider.ProviderKeys.Keys;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Verifies what providers sign, and what is the same in all their tokens for this gateway: algorithm, signature,
 * issuer, audience and times (OpenID Connect Core section 3.1.3.7, RFC 8725).
 */
final class SignedClaims {

    /** By which the provider's clock may differ. */
    static final Duration LEEWAY = Duration.ofSeconds(60);

    private static final int LONGEST_NAME = 255;

    private static final DefaultJWSVerifierFactory VERIFIERS = new DefaultJWSVerifierFactory();

    private final ProviderKeys keys;
    private final InstantSource clock;
    private final Scheduler scheduler;

    /** @param scheduler where signatures are verified, which takes too long for an event loop */
    SignedClaims(ProviderKeys keys, InstantSource clock, Scheduler scheduler) {
        this.keys = keys;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Whether a text could be the name of a user, a session or a token: of 1 to 255 characters. */
    static boolean isName(@Nullable String text) {
        return text != null
                && !text.isBlank()
                && text.length() <= LONGEST_NAME
                && text.chars().noneMatch(Character::isISOControl);
    }

    Instant now() {
        return clock.instant();
    }

    /**
     * @param types what {@code typ} may be, in lower case; the empty text if it may be left out
     * @param clients one of which it must be made out to
     */
    Mono<Verified> verify(Provider provider, String raw, Set<String> types, Set<ClientType> clients) {
        return Mono.defer(() -> {
                    SignedJWT token = parse(raw);
                    if (token == null) {
                        return Mono.just(new Bad("it is not a signed token"));
                    }
                    JWSHeader header = token.getHeader();
                    if (!provider.settings().algorithm().equals(header.getAlgorithm())) {
                        return Mono.just(new Bad("it is signed with another algorithm than id-token-algorithm"));
                    }
                    String type =
                            header.getType() == null ? "" : header.getType().getType();
                    return types.contains(type.toLowerCase(Locale.ROOT))
                            ? keys.find(provider, header.getKeyID())
                                    .flatMap(found -> check(provider, token, clients, found))
                            : Mono.just(new Bad("it is a token of another type"));
                })
                .subscribeOn(scheduler);
    }

    private static @Nullable SignedJWT parse(String raw) {
        try {
            return SignedJWT.parse(raw);
        } catch (ParseException | RuntimeException malformed) {
            return null;
        }
    }

    private Mono<Verified> check(Provider provider, SignedJWT token, Set<ClientType> clients, Keys found) {
        if (isSigned(token, found) || found.isFresh()) {
            return Mono.just(judge(provider, token, clients, found));
        }
        return keys.again(provider, token.getHeader().getKeyID()).map(again -> judge(provider, token, clients, again));
    }

    /** That known keys did not sign it proves nothing until they were read after it came. */
    private Verified judge(Provider provider, SignedJWT token, Set<ClientType> clients, Keys found) {
        if (!isSigned(token, found)) {
            return found.isFresh() ? new Bad("its signature is none of the provider's") : new KeysAway();
        }
        try {
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Optional<String> fault = fault(provider, claims, clients);
            return fault.<Verified>map(Bad::new).orElseGet(() -> new Whole(claims));
        } catch (ParseException | RuntimeException malformed) {
            return new Bad("its claims are malformed");
        }
    }

    private static boolean isSigned(SignedJWT token, Keys found) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(token.getHeader());
        return found.set().stream()
                .flatMap(set -> new JWKSelector(matcher).select(set).stream())
                .anyMatch(key -> isSigned(token, key));
    }

    private static boolean isSigned(SignedJWT token, JWK key) {
        try {
            return key instanceof AsymmetricJWK pair
                    && token.verify(VERIFIERS.createJWSVerifier(token.getHeader(), pair.toPublicKey()));
        } catch (JOSEException unusable) {
            return false;
        }
    }

    private Optional<String> fault(Provider provider, JWTClaimsSet claims, Set<ClientType> clients)
            throws ParseException {
        Date expires = claims.getExpirationTime();
        Date issued = claims.getIssueTime();
        if (!provider.issuer().equals(claims.getIssuer())) {
            return Optional.of("it is of another issuer");
        }
        if (!isFor(provider, claims, clients)) {
            return Optional.of("it is not for this client");
        }
        if (expires == null || issued == null) {
            return Optional.of("it has no exp or no iat");
        }
        if (!now().isBefore(expires.toInstant().plus(LEEWAY))) {
            return Optional.of("it has expired");
        }
        return issued.toInstant().isAfter(now().plus(LEEWAY))
                ? Optional.of("it was issued in the future: compare the clocks")
                : Optional.empty();
    }

    private static boolean isFor(Provider provider, JWTClaimsSet claims, Set<ClientType> clients)
            throws ParseException {
        List<String> audience = claims.getAudience();
        String party = claims.getStringClaim("azp");
        return clients.stream()
                .flatMap(client -> provider.settings().clientId(client).stream())
                .anyMatch(client ->
                        audience.contains(client) && (party == null ? audience.size() == 1 : party.equals(client)));
    }

    /** What came of it. */
    sealed interface Verified {

        default <R> R fold(Function<JWTClaimsSet, R> whole, Function<String, R> bad, Supplier<R> keysAway) {
            if (this instanceof Whole token) {
                return whole.apply(token.claims);
            }
            return this instanceof Bad token ? bad.apply(token.why) : keysAway.get();
        }
    }

    /** It is the provider's, for this client, now. */
    record Whole(JWTClaimsSet claims) implements Verified {}

    /** It is forged, for another client, not for now, or not readable. */
    record Bad(String why) implements Verified {}

    /** The keys are not to be had. */
    record KeysAway() implements Verified {}
}
