package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Unavailable;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RotateOutcome;
import dev.latchkey.gateway.session.RotateOutcome.Granted;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.session.RotateOutcome.UpstreamState;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionRevoker.EndOutcome.Ended;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * One rotation: the denylist is asked whether all sessions of the user have ended, the user is looked up again, and the
 * script decides. Anyone who is gone, was signed out everywhere, or has another password loses the session here. So
 * does a session whose revocation Redis has lost. A user of an OpenID Provider is not looked up: they are who the
 * session's record says. The audit log gets at most one event a call, however many requests share it.
 */
@Component
final class SessionRotation {

    private final RedisSessionStore sessions;
    private final SessionRevoker revoker;
    private final UserDirectory users;
    private final Denylist denylist;
    private final UserRecords records;
    private final SessionProviders providers;
    private final TokenMint mint;
    private final RotationAudit audit;
    private final RotationMeters meters;

    SessionRotation(
            RedisSessionStore sessions,
            SessionRevoker revoker,
            UserDirectory users,
            Denylist denylist,
            UserRecords records,
            Optional<SessionProviders> providers,
            TokenMint mint,
            RotationAudit audit,
            RotationMeters meters) {
        this.sessions = sessions;
        this.revoker = revoker;
        this.users = users;
        this.denylist = denylist;
        this.records = records;
        this.providers = providers.orElse(SessionProviders.NONE);
        this.mint = mint;
        this.audit = audit;
        this.meters = meters;
    }

    Mono<RotationOutcome> rotate(RefreshClaims presented, RotationCause cause) {
        return rotate(presented, cause, Optional.empty());
    }

    /** By the verified proof of a device; the rules are the same. */
    Mono<RotationOutcome> rotate(RefreshClaims presented, DeviceProof proof) {
        return rotate(presented, RotationCause.PROVEN, Optional.of(proof));
    }

    private Mono<RotationOutcome> rotate(RefreshClaims presented, RotationCause cause, Optional<DeviceProof> proof) {
        return denylist.checkUser(presented.subject(), presented.authTime()).flatMap(answer -> switch (answer) {
            case ACCEPTED ->
                presented.subject().isOfProvider()
                        ? ofProvider(presented, cause, proof)
                        : withUser(presented, cause, proof);
            case DENIED -> endedBefore(presented, RevocationReason.SIGNED_OUT_EVERYWHERE, cause);
            case UNAVAILABLE -> unavailableBefore(cause);
        });
    }

    /**
     * Asks for user and session at the same time, as one message to Redis if it has to be asked for both. If the user
     * is gone the session ends anyway, and if they cannot be looked up the next request gets the same generation again.
     * What the script refuses is refused then, too. A session that it has just ended as reused is always reported.
     */
    private Mono<RotationOutcome> withUser(RefreshClaims presented, RotationCause cause, Optional<DeviceProof> proof) {
        return Mono.zip(users.find(presented.subject()), decided(presented, cause, proof))
                .flatMap(both -> both.getT1()
                        .fold(
                                user -> withSession(presented, Optional.of(user), both.getT2(), cause),
                                () -> withoutUser(presented, both.getT2(), cause),
                                () -> withUnknownUser(presented, both.getT2(), cause)));
    }

    private Mono<RotationOutcome> withoutUser(RefreshClaims presented, RotateOutcome outcome, RotationCause cause) {
        return outcome instanceof RotateOutcome.Refused refused && refused.row() == RefusedRow.REUSED
                ? withSession(presented, Optional.empty(), outcome, cause)
                : endedBefore(presented, RevocationReason.USER_GONE, cause);
    }

    private Mono<RotationOutcome> withUnknownUser(RefreshClaims presented, RotateOutcome outcome, RotationCause cause) {
        return outcome instanceof RotateOutcome.Refused
                ? withSession(presented, Optional.empty(), outcome, cause)
                : unavailableBefore(cause);
    }

    private Mono<RotationOutcome> ofProvider(
            RefreshClaims presented, RotationCause cause, Optional<DeviceProof> proof) {
        return decided(presented, cause, proof)
                .flatMap(outcome -> withSession(presented, Optional.empty(), outcome, cause));
    }

    private Mono<RotateOutcome> decided(RefreshClaims presented, RotationCause cause, Optional<DeviceProof> proof) {
        if (proof.isPresent()) {
            return sessions.rotate(presented, proof.get());
        }
        return cause == RotationCause.FORCED ? sessions.renew(presented) : sessions.rotate(presented);
    }

    private Mono<RotationOutcome> withSession(
            RefreshClaims presented, Optional<User> user, RotateOutcome outcome, RotationCause cause) {
        meters.count(cause, outcome);
        return outcome.fold(
                granted -> granted(presented, user, granted),
                refused -> refused(presented, refused, cause),
                SessionRotation::unavailable);
    }

    private Mono<RotationOutcome> granted(RefreshClaims presented, Optional<User> user, Granted granted) {
        granted.upstream().filter(UpstreamState::isDue).ifPresent(due -> providers.refresh(granted.session()));
        if (denylist.isRevoked(presented.subject(), presented.session(), presented.authTime())) {
            return end(presented, RevocationReason.RESTORED);
        }
        return denylist.checkEnded(presented.session(), presented.authTime(), presented.expiresAt())
                .flatMap(answer -> switch (answer) {
                    case ACCEPTED -> live(presented, user, granted);
                    case DENIED -> end(presented, RevocationReason.RESTORED);
                    case UNAVAILABLE -> unavailable();
                });
    }

    private Mono<RotationOutcome> live(RefreshClaims presented, Optional<User> user, Granted granted) {
        audit.granted(presented, granted);
        return user.filter(known -> !isOf(known, granted.session()))
                .map(other -> askedAgain(presented, granted))
                .orElseGet(() -> continued(presented, user, granted));
    }

    /** Whether the session began with the password that the user has now. */
    static boolean isOf(User user, SessionView session) {
        return session.credentialStamp().equals(user.credentialStamp());
    }

    /** What access tokens say of a user of an OpenID Provider. */
    static IdTokenClaims claims(ProviderClaims said) {
        return IdTokenClaims.ofProvider(said.name(), said.email(), said.authTime(), said.acr());
    }

    /** What was found may be older than the session, which began with a password that has just been changed. */
    private Mono<RotationOutcome> askedAgain(RefreshClaims presented, Granted granted) {
        return users.findNow(presented.subject())
                .flatMap(lookup -> lookup.fold(
                        now -> isOf(now, granted.session())
                                ? continued(presented, Optional.of(now), granted)
                                : end(presented, RevocationReason.CREDENTIALS_CHANGED),
                        () -> reasonOf(presented, RevocationReason.USER_GONE)
                                .flatMap(reason -> end(presented, reason))
                                .onErrorResume(failure -> unavailable()),
                        SessionRotation::unavailable));
    }

    private Mono<RotationOutcome> continued(RefreshClaims presented, Optional<User> user, Granted granted) {
        return granted.session()
                .provider()
                .map(said -> asTheProviderSaid(presented, user, granted, said))
                .orElseGet(() -> user.map(known -> minted(presented, granted, known.roles(), known.claims()))
                        .orElseGet(() -> end(presented, RevocationReason.UNREADABLE)));
    }

    /** Where the configuration joins the two, the users directory says which roles a provider's user has. */
    private Mono<RotationOutcome> asTheProviderSaid(
            RefreshClaims presented, Optional<User> user, Granted granted, ProviderClaims said) {
        Optional<Duration> recheck = providers.recheck(said.provider());
        if (recheck.isEmpty()) {
            return end(presented, RevocationReason.USER_GONE);
        }
        Instant now = granted.session().now();
        boolean isUnchecked = granted.upstream()
                .filter(state -> state.troubledSince().isPresent()
                        && now.isAfter(state.lastGood().plus(recheck.get())))
                .isPresent();
        return isUnchecked
                ? unavailable()
                : minted(presented, granted, user.map(User::roles).orElse(said.roles()), claims(said));
    }

    private Mono<RotationOutcome> minted(RefreshClaims presented, Granted granted, Roles roles, IdTokenClaims said) {
        TokenPair pair = mint.mint(
                granted.session(), roles, said, granted.mintsRefresh(), presented.boundTo(), granted.deviceBound());
        return Mono.just(new Rotated(pair, granted.session().now()));
    }

    private Mono<RotationOutcome> refused(RefreshClaims presented, RotateOutcome.Refused refused, RotationCause cause) {
        audit.refused(presented, refused, cause);
        return Mono.just(SessionEndReason.outcome(presented.session(), refused));
    }

    /** The audit log gets to know that a refresh token was presented which has expired, as its session has. */
    void reportExpired(RefreshClaims presented) {
        audit.expired(presented);
    }

    private Mono<RotationOutcome> endedBefore(
            RefreshClaims presented, RevocationReason otherwise, RotationCause cause) {
        return reasonOf(presented, otherwise)
                .flatMap(reason -> endBefore(presented, reason, cause))
                .onErrorResume(failure -> unavailableBefore(cause));
    }

    /**
     * Why the session ends. Fails on any trouble with Redis.
     *
     * @param otherwise if nothing is recorded of the user
     */
    private Mono<RevocationReason> reasonOf(RefreshClaims presented, RevocationReason otherwise) {
        return records.find(presented.subject())
                .map(found -> found.filter(record -> record.hasEnded(presented.authTime()) || !record.mayEnter())
                        .flatMap(record -> RevocationReason.of(record.reason()))
                        .orElse(otherwise));
    }

    private Mono<RotationOutcome> endBefore(RefreshClaims presented, RevocationReason reason, RotationCause cause) {
        meters.ended(cause);
        return end(presented, reason);
    }

    private Mono<RotationOutcome> unavailableBefore(RotationCause cause) {
        meters.unavailable(cause);
        return unavailable();
    }

    private Mono<RotationOutcome> end(RefreshClaims presented, RevocationReason reason) {
        return revoker.end(presented, reason).flatMap(outcome -> {
            if (!(outcome instanceof Ended ended)) {
                return unavailable();
            }
            return ended.before()
                    .map(before -> endedLongAgo(presented, before, reason))
                    .orElseGet(() -> Mono.just(Refused.because(SessionEndReason.of(reason))));
        });
    }

    /** A session of which nothing is left ended by what is known of its user. */
    private Mono<RotationOutcome> endedLongAgo(
            RefreshClaims presented, RotateOutcome.Refused before, RevocationReason reason) {
        boolean isKnown = before.row() != RefusedRow.UNKNOWN && before.row() != RefusedRow.IDLE;
        return refused(
                presented,
                isKnown ? before : new RotateOutcome.Refused(RefusedRow.REVOKED, Optional.of(reason.word())),
                RotationCause.TRANSPARENT);
    }

    private static Mono<RotationOutcome> unavailable() {
        return Mono.just(new Unavailable());
    }
}
