package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.admin.Explanation.Kind;
import dev.latchkey.gateway.admin.Explanation.TokenFacts;
import dev.latchkey.gateway.admin.Explanation.UserFacts;
import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.keys.Verification.InvalidTokenReason;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.session.records.SessionLookup;
import dev.latchkey.gateway.session.records.SessionState;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.SessionClaims;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenProperties;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Tells operators whether something is denied, why, since when and until when: by what Redis says, and for an access
 * token by this node's copy of the denylist, too. Changes nothing, a presented token is neither kept nor logged, and
 * nothing is believed of one that cannot be verified. No call fails: a Redis that is away is a 503.
 */
@Component
public final class AdminExplanations {

    private final AccessTokenCodec accessTokens;
    private final RefreshTokenCodec refreshTokens;
    private final SessionLookup lookup;
    private final Denylist denylist;
    private final UserRecords records;
    private final SessionProperties properties;
    private final Duration accessTtl;
    private final InstantSource clock;
    private final AdminRecord log;

    AdminExplanations(
            AccessTokenCodec accessTokens,
            RefreshTokenCodec refreshTokens,
            SessionLookup lookup,
            Denylist denylist,
            UserRecords records,
            SessionProperties properties,
            TokenProperties tokens,
            InstantSource clock,
            AdminRecord log) {
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.lookup = lookup;
        this.denylist = denylist;
        this.records = records;
        this.properties = properties;
        this.accessTtl = tokens.accessTtl();
        this.clock = clock;
        this.log = log;
    }

    /** Explains an access or a refresh token; any other text is said to be neither. */
    public Mono<Result<Explanation>> ofToken(Actor actor, String token) {
        return log.of(
                actor,
                AdminAction.EXPLAIN,
                Explanation::subject,
                explained -> explained.session().map(SessionState::id),
                AdminRecord.done(explained(token)));
    }

    /** Explains a session; 404 if there was none, or none for as long as one can live. */
    public Mono<Result<Explanation>> ofSession(Actor actor, PublicSessionId id) {
        return log.of(
                actor,
                AdminAction.EXPLAIN,
                id,
                Explanation::subject,
                AdminRecord.done(lookup.find(id).flatMap(this::explained))
                        .defaultIfEmpty(AdminRecord.refused(Problem.NOT_FOUND)));
    }

    /** Explains what is denied of a user, who need not be known. */
    public Mono<Result<Explanation>> ofUser(Actor actor, Subject subject) {
        Mono<Explanation> explained = facts(subject)
                .map(user -> new Explanation(
                        Kind.USER,
                        Verdict.ofUser(user, denylist.userLife()),
                        Optional.of(subject),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(user),
                        Optional.empty()));
        return log.of(actor, AdminAction.EXPLAIN, subject, AdminRecord.done(explained));
    }

    private Mono<Explanation> explained(String token) {
        return accessTokens
                .verify(new AccessToken(token))
                .fold(
                        valid -> explained(valid.claims(), false),
                        expired -> explained(expired.claims(), true),
                        invalid -> noAccessToken(token, invalid.reason()));
    }

    private Mono<Explanation> noAccessToken(String token, InvalidTokenReason reason) {
        return refreshTokens
                .verify(new RefreshToken(token))
                .fold(
                        valid -> explained(valid.claims(), false),
                        expired -> explained(expired.claims(), true),
                        invalid -> Mono.just(unverified(isOfOtherKind(reason) ? invalid.reason() : reason)));
    }

    private static boolean isOfOtherKind(InvalidTokenReason reason) {
        return reason == InvalidTokenReason.FOREIGN_KEY || reason == InvalidTokenReason.TYPE;
    }

    private static Explanation unverified(InvalidTokenReason reason) {
        return new Explanation(
                Kind.UNVERIFIED_TOKEN,
                Verdict.notVerified(reason.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Mono<Explanation> explained(AccessClaims token, boolean isExpired) {
        return Mono.zip(session(token, false), facts(token.subject()))
                .map(known -> new Explanation(
                        Kind.ACCESS_TOKEN,
                        Verdict.ofAccess(
                                token,
                                isExpired,
                                known.getT1(),
                                known.getT2(),
                                denylist.userLife(),
                                accessTtl,
                                clock.instant()),
                        Optional.of(token.subject()),
                        Optional.of(new TokenFacts(
                                isExpired,
                                token.issuedAt(),
                                token.expiresAt(),
                                token.generation().number(),
                                token.roles().names(),
                                token.boundTo().map(KeyThumbprint::value))),
                        Optional.of(known.getT1()),
                        Optional.of(known.getT2()),
                        Optional.of(thisNode(token))));
    }

    /** @param isPastEnd whether the token shows that the absolute end of its session has passed */
    private Mono<SessionState> session(SessionClaims token, boolean isPastEnd) {
        return lookup.look(token.session(), Optional.of(token.subject()))
                .map(found -> found.asSeen(token.issuedAt(), isPastEnd, clock.instant(), properties.idleTimeout()));
    }

    private String thisNode(AccessClaims token) {
        Function<Denylist.Answer, String> word = answer -> answer.name().toLowerCase(Locale.ROOT);
        return denylist.checkLocally(token).map(word).orElse("asks-redis");
    }

    private Mono<Explanation> explained(RefreshClaims token, boolean isExpired) {
        return Mono.zip(session(token, isExpired), facts(token.subject()))
                .map(known -> new Explanation(
                        Kind.REFRESH_TOKEN,
                        Verdict.ofRefresh(token, isExpired, known.getT1(), known.getT2(), denylist.userLife()),
                        Optional.of(token.subject()),
                        Optional.of(new TokenFacts(
                                isExpired,
                                token.issuedAt(),
                                token.expiresAt(),
                                token.generation().number(),
                                List.of(),
                                token.boundTo().map(KeyThumbprint::value))),
                        Optional.of(known.getT1()),
                        Optional.of(known.getT2()),
                        Optional.empty()));
    }

    private Mono<Explanation> explained(SessionState session) {
        Mono<Optional<UserFacts>> user = Mono.justOrEmpty(session.subject())
                .flatMap(this::facts)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
        return user.map(facts -> new Explanation(
                Kind.SESSION,
                Verdict.ofSession(session, facts, denylist.userLife()),
                session.subject(),
                Optional.empty(),
                Optional.of(session),
                facts,
                Optional.empty()));
    }

    private Mono<UserFacts> facts(Subject subject) {
        return Mono.zip(denylist.ofUser(subject), records.find(subject))
                .map(both -> new UserFacts(both.getT1(), both.getT2()));
    }
}
