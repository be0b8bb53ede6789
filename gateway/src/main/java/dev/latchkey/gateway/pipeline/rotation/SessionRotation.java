package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.pipeline.rotation.NewestRefreshToken.Verified;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Unavailable;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.RotateOutcome.Granted;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * One rotation: the user is looked up anew, the user's instant is asked, and the script decides. Whoever is gone, was
 * signed out everywhere, or has another password loses the session here. So does one whose revocation Redis has lost.
 */
@Component
final class SessionRotation {

    private final RedisSessionStore sessions;
    private final SessionRevoker revoker;
    private final UserDirectory users;
    private final Denylist denylist;
    private final UserRecords records;
    private final TokenMint mint;
    private final RotationAudit audit;
    private final RotationMeters meters;

    SessionRotation(
            RedisSessionStore sessions,
            SessionRevoker revoker,
            UserDirectory users,
            Denylist denylist,
            UserRecords records,
            TokenMint mint,
            RotationAudit audit,
            RotationMeters meters) {
        this.sessions = sessions;
        this.revoker = revoker;
        this.users = users;
        this.denylist = denylist;
        this.records = records;
        this.mint = mint;
        this.audit = audit;
        this.meters = meters;
    }

    Mono<RotationOutcome> rotate(Verified presented, RotationCause cause) {
        RefreshClaims claims = presented.claims();
        return denylist.checkUser(claims.subject(), claims.authTime()).flatMap(answer -> switch (answer) {
            case ACCEPTED -> withUser(presented, cause);
            case DENIED -> endedBefore(claims, RevocationReason.SIGNED_OUT_EVERYWHERE, cause);
            case UNAVAILABLE -> unavailableBefore(cause);
        });
    }

    private Mono<RotationOutcome> withUser(Verified presented, RotationCause cause) {
        RefreshClaims claims = presented.claims();
        return users.find(claims.subject())
                .flatMap(lookup -> lookup.fold(
                        user -> withSession(presented, user, cause),
                        () -> endedBefore(claims, RevocationReason.USER_GONE, cause),
                        () -> unavailableBefore(cause)));
    }

    private Mono<RotationOutcome> withSession(Verified presented, User user, RotationCause cause) {
        RefreshClaims claims = presented.claims();
        return (cause == RotationCause.FORCED ? sessions.renew(claims) : sessions.rotate(claims))
                .doOnNext(outcome -> meters.count(cause, outcome))
                .flatMap(outcome -> outcome.fold(
                        granted -> granted(presented, user, granted),
                        refused -> refused(claims, refused.row()),
                        SessionRotation::unavailable));
    }

    private Mono<RotationOutcome> granted(Verified presented, User user, Granted granted) {
        RefreshClaims claims = presented.claims();
        if (denylist.isRevoked(claims.subject(), claims.session(), claims.authTime())) {
            return end(claims, RevocationReason.RESTORED);
        }
        return denylist.checkEnded(claims.session(), claims.authTime(), claims.expiresAt())
                .flatMap(answer -> switch (answer) {
                    case ACCEPTED -> live(presented, user, granted);
                    case DENIED -> end(claims, RevocationReason.RESTORED);
                    case UNAVAILABLE -> unavailable();
                });
    }

    private Mono<RotationOutcome> live(Verified presented, User user, Granted granted) {
        RefreshClaims claims = presented.claims();
        audit.granted(claims, granted.row());
        if (!granted.session().credentialStamp().equals(user.credentialStamp())) {
            return end(claims, RevocationReason.CREDENTIALS_CHANGED);
        }
        return Mono.just(new Rotated(
                mint(granted, user), presented.token(), granted.session().now()));
    }

    private TokenPair mint(Granted granted, User user) {
        return granted.mintsRefresh()
                ? mint.pair(granted.session(), user.roles())
                : mint.accessOnly(granted.session(), user.roles());
    }

    private Mono<RotationOutcome> refused(RefreshClaims claims, RefusedRow row) {
        audit.refused(claims, row);
        return Mono.just(new Refused());
    }

    /** @param otherwise why, where nothing is noted of the user */
    private Mono<RotationOutcome> endedBefore(RefreshClaims claims, RevocationReason otherwise, RotationCause cause) {
        return records.find(claims.subject())
                .map(record -> record.filter(it -> it.hasEnded(claims.authTime()) || !it.mayEnter())
                        .flatMap(it -> RevocationReason.of(it.reason())))
                .flatMap(reason -> endBefore(claims, reason.orElse(otherwise), cause))
                .onErrorResume(failure -> unavailableBefore(cause));
    }

    private Mono<RotationOutcome> endBefore(RefreshClaims claims, RevocationReason reason, RotationCause cause) {
        meters.ended(cause);
        return end(claims, reason);
    }

    private Mono<RotationOutcome> unavailableBefore(RotationCause cause) {
        meters.unavailable(cause);
        return unavailable();
    }

    private Mono<RotationOutcome> end(RefreshClaims claims, RevocationReason reason) {
        return revoker.revoke(claims.session(), reason)
                .doOnNext(outcome -> audit.revoked(claims, reason, outcome))
                .map(outcome -> outcome == RevokeOutcome.UNAVAILABLE ? new Unavailable() : new Refused());
    }

    private static Mono<RotationOutcome> unavailable() {
        return Mono.just(new Unavailable());
    }
}
