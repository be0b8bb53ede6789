package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.admin.Explanation.UserFacts;
import dev.latchkey.gateway.denylist.DenylistEntry;
import dev.latchkey.gateway.session.records.SessionState;
import dev.latchkey.gateway.session.records.SessionState.Live;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether something is denied, and why: the reason that lasts longest if there are several.
 *
 * @param detail a stable word that says more: the reason of an end, by itself too, or what is wrong with a token
 * @param until when this reason ends; empty if it does not, or if nobody knows
 */
public record Verdict(Why why, Optional<String> detail, Optional<Instant> since, Optional<Instant> until) {

    /** The reasons. */
    public enum Why {
        ACCEPTED,
        /** This gateway did not sign it, or not like this. */
        NOT_VERIFIED,
        /** The session was ended. */
        SESSION_ENDED,
        /** The session reached its absolute end or was idle for too long, or Redis has lost it. */
        SESSION_EXPIRED,
        /** The session's OpenID Provider has lost it: the user has to sign in again. */
        SESSION_LAPSED,
        /** The session's record cannot be read. */
        SESSION_UNREADABLE,
        /** All sessions of the user that began before an instant were ended. */
        USER_DENIED,
        /** The users directory does not let the user sign in. */
        USER_REFUSED,
        /** A newer generation has taken its place. */
        SUPERSEDED,
        /** It carries a role that its user no longer has; the next request gets another token. */
        ROLES_CHANGED,
        /** Tokens live shorter by this node's configuration; the next request gets another token. */
        TOO_OLD,
        /** The token's own time is over; the next request gets another token. */
        EXPIRED
    }

    private static final Verdict ACCEPTED = of(Why.ACCEPTED);

    /** Whether it is not accepted. */
    public boolean isDenied() {
        return why != Why.ACCEPTED;
    }

    static Verdict notVerified(String reason) {
        return new Verdict(Why.NOT_VERIFIED, Optional.of(reason), Optional.empty(), Optional.empty());
    }

    static Verdict ofAccess(
            AccessClaims token,
            boolean isExpired,
            SessionState session,
            UserFacts user,
            Duration userLife,
            Duration accessTtl,
            Instant now) {
        return ofEnd(token.authTime(), session, user, userLife)
                .or(() -> ofEntry(token, session, now))
                .or(() -> ofRoles(token, user, now))
                .or(() -> isExpired ? Optional.of(expired(token)) : ofAge(token, accessTtl, now))
                .orElse(ACCEPTED);
    }

    static Verdict ofRefresh(
            RefreshClaims token, boolean isExpired, SessionState session, UserFacts user, Duration userLife) {
        return ofEnd(token.authTime(), session, user, userLife)
                .or(() -> ofLapse(session))
                .or(() -> isExpired ? Optional.of(expired(token)) : Optional.empty())
                .or(() -> session.live()
                        .filter(live -> token.generation().number() < live.generation())
                        .map(live -> of(Why.SUPERSEDED)))
                .orElse(ACCEPTED);
    }

    static Verdict ofSession(SessionState session, Optional<UserFacts> user, Duration userLife) {
        Instant created = session.live().map(Live::created).orElse(Instant.MAX);
        return user.map(facts -> ofEnd(created, session, facts, userLife))
                .orElseGet(() -> ofState(session))
                .or(() -> ofLapse(session))
                .orElse(ACCEPTED);
    }

    static Verdict ofUser(UserFacts user, Duration userLife) {
        return user.record()
                .filter(record -> !record.mayEnter())
                .map(record -> new Verdict(
                        Why.USER_REFUSED,
                        Optional.of(record.reason()),
                        Optional.of(record.ended()).filter(Instant.EPOCH::isBefore),
                        Optional.empty()))
                .or(() ->
                        user.denial().notBefore().map(since -> userDenied(since, user, since.minusMillis(1), userLife)))
                .orElse(ACCEPTED);
    }

    private static Optional<Verdict> ofEnd(Instant authTime, SessionState session, UserFacts user, Duration userLife) {
        return ofState(session)
                .or(() -> user.denial()
                        .notBefore()
                        .filter(authTime::isBefore)
                        .map(since -> userDenied(since, user, authTime, userLife)));
    }

    private static Verdict userDenied(Instant since, UserFacts user, Instant authTime, Duration userLife) {
        return new Verdict(
                Why.USER_DENIED,
                user.record().filter(record -> record.hasEnded(authTime)).map(record -> record.reason()),
                Optional.of(since),
                Optional.of(since.plus(userLife)));
    }

    private static Optional<Verdict> ofState(SessionState session) {
        return switch (session.state()) {
            case ENDED ->
                Optional.of(new Verdict(Why.SESSION_ENDED, session.reason(), session.ended(), session.expires()));
            case EXPIRED ->
                Optional.of(new Verdict(Why.SESSION_EXPIRED, session.reason(), Optional.empty(), Optional.empty()));
            case UNREADABLE -> Optional.of(of(Why.SESSION_UNREADABLE));
            case ACTIVE, LAPSED ->
                session.denial()
                        .filter(DenylistEntry::isRevoked)
                        .map(entry -> new Verdict(
                                Why.SESSION_ENDED, Optional.empty(), at(entry.effectiveAt()), at(entry.expiresAt())));
        };
    }

    /** Access tokens of a session that has lapsed live on. */
    private static Optional<Verdict> ofLapse(SessionState session) {
        return session.state() == SessionState.State.LAPSED ? Optional.of(of(Why.SESSION_LAPSED)) : Optional.empty();
    }

    private static Optional<Verdict> ofEntry(AccessClaims token, SessionState session, Instant now) {
        return session.denial()
                .filter(entry -> entry.refuses(token.generation(), now))
                .map(entry ->
                        new Verdict(Why.SUPERSEDED, Optional.empty(), at(entry.effectiveAt()), at(entry.expiresAt())));
    }

    private static Optional<Verdict> ofRoles(AccessClaims token, UserFacts user, Instant now) {
        boolean isWithin = user.denial()
                .roles()
                .filter(roles -> user.denial().rolesEnd().filter(now::isBefore).isPresent())
                .map(roles -> roles.containsAll(token.roles()))
                .orElse(true);
        return isWithin
                ? Optional.empty()
                : Optional.of(new Verdict(
                        Why.ROLES_CHANGED,
                        Optional.empty(),
                        Optional.empty(),
                        user.denial().rolesEnd()));
    }

    /** As each node refuses it that has this configuration. */
    private static Optional<Verdict> ofAge(AccessClaims token, Duration accessTtl, Instant now) {
        Instant oldest = token.issuedAt().plus(accessTtl);
        return oldest.isBefore(token.expiresAt()) && !now.isBefore(oldest)
                ? Optional.of(new Verdict(Why.TOO_OLD, Optional.empty(), Optional.of(oldest), Optional.empty()))
                : Optional.empty();
    }

    private static Verdict expired(SessionClaims token) {
        return new Verdict(Why.EXPIRED, Optional.empty(), Optional.of(token.expiresAt()), Optional.empty());
    }

    private static Optional<Instant> at(long milliseconds) {
        return Optional.of(Instant.ofEpochMilli(milliseconds));
    }

    private static Verdict of(Why why) {
        return new Verdict(why, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
