package dev.latchkey.gateway.provider;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.latchkey.gateway.provider.Judgement.Forged;
import dev.latchkey.gateway.provider.Judgement.Good;
import dev.latchkey.gateway.provider.Judgement.Insufficient;
import dev.latchkey.gateway.provider.Judgement.KeysAway;
import dev.latchkey.gateway.provider.setting.ClaimPath;
import dev.latchkey.gateway.token.Roles;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Judges ID tokens (OpenID Connect Core sections 3.1.3.7 and 12.2), and reads whom they are about. */
public final class IdTokens {

    /** The values of {@code typ}, in lower case; a provider may leave it out. */
    private static final Set<String> TYPES = Set.of("", "jwt");

    /** Most characters of all roles together: they are part of each access token, which is a cookie. */
    private static final int LONGEST_ROLES = 1024;

    private static final int LONGEST_TEXT = 256;

    private final SignedClaims tokens;
    private final UserInfo userInfo;

    IdTokens(SignedClaims tokens, UserInfo userInfo) {
        this.tokens = tokens;
        this.userInfo = userInfo;
    }

    /**
     * Judges one by what is expected of it. It is not remembered: the nonce makes that it counts once.
     *
     * @param granted what came with it: where the settings say so, the provider is asked for claims that it lacks
     */
    public Mono<Judgement> judge(Provider provider, String raw, Expected expected, UpstreamTokens granted) {
        return tokens.verify(provider, raw, TYPES, Set.of(expected.client()))
                .flatMap(verified -> verified.fold(
                        claims -> judge(provider, claims, expected, granted),
                        why -> Mono.just(new Forged(why)),
                        () -> Mono.just(new KeysAway())));
    }

    private Mono<Judgement> judge(Provider provider, JWTClaimsSet claims, Expected expected, UpstreamTokens granted) {
        try {
            Optional<String> forged = forged(claims, expected);
            Optional<Judgement> fault = forged.isPresent()
                    ? forged.map(Forged::new)
                    : lacking(claims, expected).map(Insufficient::new);
            if (fault.isPresent()) {
                return Mono.just(fault.get());
            }
            return UserInfo.isWanted(provider, claims.getClaims())
                    ? userInfo.added(provider, claims.getClaims(), granted).map(all -> completed(provider, claims, all))
                    : Mono.just(judged(provider, claims, claims.getClaims()));
        } catch (ParseException | RuntimeException malformed) {
            return Mono.just(new Forged("its claims are malformed"));
        }
    }

    /** A user whose roles cannot be asked for now is not one without roles; a name is not worth a refusal. */
    private static Judgement completed(Provider provider, JWTClaimsSet claims, Optional<Map<String, Object>> all) {
        ProviderSettings settings = provider.settings();
        boolean isNeeded = Stream.concat(Stream.of(settings.rolesClaim()), settings.localUser().stream())
                .anyMatch(path -> !path.isEmpty()
                        && ClaimPath.find(claims.getClaims(), path).isEmpty());
        return all.isEmpty() && isNeeded ? new KeysAway() : judged(provider, claims, all.orElseGet(claims::getClaims));
    }

    /** @param all its claims, with those that the provider added */
    private static Judgement judged(Provider provider, JWTClaimsSet claims, Map<String, Object> all) {
        try {
            Optional<String> lacking = roleless(provider, all);
            return lacking.isPresent() ? new Insufficient(lacking.get()) : new Good(user(provider, claims, all));
        } catch (ParseException | RuntimeException malformed) {
            return new Forged("its claims are malformed");
        }
    }

    private static Optional<String> forged(JWTClaimsSet claims, Expected expected) throws ParseException {
        String sub = claims.getSubject();
        if (!SignedClaims.isName(sub)) {
            return Optional.of("its sub is missing, or longer than 255 characters");
        }
        if (claims.getClaim("events") != null) {
            return Optional.of("it is a logout token");
        }
        String nonce = claims.getStringClaim("nonce");
        if (expected.nonce().isPresent() && !expected.nonce().get().equals(nonce)) {
            return Optional.of("its nonce is not that of this attempt");
        }
        return expected.sub().isPresent() && !expected.sub().get().equals(sub)
                ? Optional.of("it is about another user")
                : Optional.empty();
    }

    private Optional<String> lacking(JWTClaimsSet claims, Expected expected) throws ParseException {
        if (expected.maxAge().isPresent()) {
            Optional<Instant> authTime = authTime(claims);
            boolean isRecent = authTime.isPresent()
                    && !authTime.get()
                            .plus(expected.maxAge().get())
                            .plus(SignedClaims.LEEWAY)
                            .isBefore(tokens.now());
            if (!isRecent) {
                return Optional.of("the provider did not ask the user again, although max_age required it");
            }
        }
        String acr = claims.getStringClaim("acr");
        return expected.acrValues().isEmpty()
                        || (acr != null && expected.acrValues().contains(acr))
                ? Optional.empty()
                : Optional.of("the provider did not sign the user in by one of the ways that acr_values required");
    }

    /** Entra ID leaves out the groups of who is in too many, and says so (distributed claims, Core section 5.6.2). */
    private static Optional<String> roleless(Provider provider, Map<String, Object> all) {
        ProviderSettings settings = provider.settings();
        String path = settings.rolesClaim();
        String first = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
        boolean isOver = (all.get("_claim_names") instanceof Map<?, ?> elsewhere && elsewhere.containsKey(first))
                || (first.equals("groups") && Boolean.TRUE.equals(all.get("hasgroups")));
        if (isOver) {
            return Optional.of("the user is in more groups than the provider puts into a token: assign app roles, or"
                    + " only the groups of this application");
        }
        Optional<List<String>> roles = ClaimPath.texts(all, path);
        if (roles.isEmpty()) {
            return Optional.of("the claim of roles-claim is neither a text nor a list of texts");
        }
        boolean isTooMuch = roles.get().stream().mapToInt(String::length).sum() > LONGEST_ROLES;
        if (isTooMuch) {
            return Optional.of("the user has more roles than a cookie can hold (1024 characters): let the provider put"
                    + " only those of this application into its tokens");
        }
        return settings.localUser().isPresent()
                        && ClaimPath.text(all, settings.localUser().get()).isEmpty()
                ? Optional.of("the claim of local-user-claim is missing")
                : Optional.empty();
    }

    private static ProviderUser user(Provider provider, JWTClaimsSet claims, Map<String, Object> all)
            throws ParseException {
        ProviderSettings settings = provider.settings();
        return new ProviderUser(
                provider.name(),
                claims.getSubject(),
                Optional.ofNullable(claims.getStringClaim("sid")),
                settings.localUser().flatMap(path -> ClaimPath.text(all, path)),
                ClaimPath.text(all, settings.nameClaim()).map(IdTokens::shortened),
                ClaimPath.text(all, settings.emailClaim()).map(IdTokens::shortened),
                Roles.of(ClaimPath.texts(all, settings.rolesClaim()).orElse(List.of())),
                authTime(claims),
                Optional.ofNullable(claims.getStringClaim("acr")));
    }

    /** Not within a character: many a reader of JSON refuses half of one, and with it the whole token. */
    private static String shortened(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        boolean splits = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
        return text.substring(0, splits ? LONGEST_TEXT - 1 : LONGEST_TEXT);
    }

    private static Optional<Instant> authTime(JWTClaimsSet claims) throws ParseException {
        Date time = claims.getDateClaim("auth_time");
        return Optional.ofNullable(time).map(Date::toInstant);
    }
}
