package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.denylist.users.UserRecords.Noted;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What follows from what a directory says of one user, a file or a store: it is recorded in Redis, sessions that it
 * ends are ended, and access tokens with roles that are gone are refused. Each call fails on any trouble with Redis,
 * and may be repeated.
 */
@Component
final class UserConclusions {

    /** The node that noted an end may be at work on what follows from it; after that, it has failed or died. */
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

    private final UserRecords records;
    private final Denylist denylist;
    private final SessionRevoker revoker;
    private final AuditLog audit;
    private final InstantSource clock;

    UserConclusions(
            UserRecords records, Denylist denylist, SessionRevoker revoker, AuditLog audit, InstantSource clock) {
        this.records = records;
        this.denylist = denylist;
        this.revoker = revoker;
        this.audit = audit;
        this.clock = clock;
    }

    /** Applies what is new of a user of whom something is recorded, or else what Redis may have lost of that. */
    Mono<Void> draw(Subject subject, UserState says, long revision, UserRecord record) {
        if (record.revision() < revision && !says.isThatOf(record)) {
            return rolesChanged(subject, says, revision, record)
                    .then(noted(subject, says, revision, withdrawn(says, record)));
        }
        if (record.isOpen() && record.ended().plus(LEFT_ALONE).isBefore(clock.instant())) {
            RevocationReason reason = RevocationReason.of(record.reason()).orElse(RevocationReason.CREDENTIALS_CHANGED);
            return concluded(subject, record.ended(), reason);
        }
        if (isOver(record.ended())) {
            return says.isGone() && !record.mayEnter() ? records.forget(subject) : Mono.empty();
        }
        return denylist.isUserDenied(subject, record.ended())
                ? Mono.empty()
                : denylist.denyUser(subject, record.ended());
    }

    /** Whether no session from before this instant can be alive. */
    boolean isOver(Instant instant) {
        return instant.plus(denylist.userLife()).isBefore(clock.instant());
    }

    /** Before it is recorded: what is recorded is not looked at again. */
    Mono<Void> rolesChanged(Subject subject, UserState says, long revision, UserRecord record) {
        boolean isSame =
                !record.mayEnter() || says.stamp().isEmpty() || says.roles().equals(record.roles());
        return isSame ? Mono.empty() : denylist.changeRoles(subject, revision, says.roles());
    }

    /** Records it, and ends the sessions that it ends. */
    Mono<Void> noted(Subject subject, UserState says, long revision) {
        return noted(subject, says, revision, Roles.NONE);
    }

    /**
     * The same.
     *
     * @param expected what it is about to withdraw: if no answer comes, it may be done, and would not be told later
     */
    private Mono<Void> noted(Subject subject, UserState says, long revision, Roles expected) {
        return records.note(subject, revision, says.stamp(), says.reason().word(), says.roles())
                .doOnError(unknown -> tell(subject, expected))
                .doOnNext(noted -> tell(subject, noted.withdrawn()))
                .flatMap(noted -> ended(subject, noted, says.reason()));
    }

    private static Roles withdrawn(UserState says, UserRecord record) {
        boolean goesOn = record.mayEnter() && !says.stamp().isEmpty();
        return goesOn ? record.roles().without(says.roles()) : Roles.NONE;
    }

    private void tell(Subject subject, Roles withdrawn) {
        if (!withdrawn.isEmpty()) {
            audit.record(AuditEvent.rolesWithdrawn(subject, String.join(",", withdrawn.names())));
        }
    }

    /** Records what has just been written to the store, so that nothing which is recorded is newer. */
    Mono<Void> written(Subject subject, UserState says) {
        return noted(subject, says, UserRecords.NOW);
    }

    /** The node that recorded it first may have died before this was done, so each does it; twice does no harm. */
    private Mono<Void> ended(Subject subject, Noted noted, RevocationReason reason) {
        if (noted.ended().equals(Instant.EPOCH)) {
            return Mono.empty();
        }
        return noted.isNew() ? concluded(subject, noted.ended(), reason) : revoked(subject, noted.ended(), reason);
    }

    /** One node tells the audit log, and notes that it has; if anything fails, it is all done once more. */
    private Mono<Void> concluded(Subject subject, Instant ended, RevocationReason reason) {
        return revoked(subject, ended, reason)
                .then(Mono.fromRunnable(() -> audit.record(AuditEvent.userRevoked(subject, reason.word()))))
                .then(records.concluded(subject, ended));
    }

    private Mono<Void> revoked(Subject subject, Instant ended, RevocationReason reason) {
        return denylist.denyUser(subject, ended)
                .then(revoker.revokeBefore(subject, ended, reason))
                .flatMap(outcome -> outcome == RevokeOutcome.UNAVAILABLE
                        ? Mono.error(new IllegalStateException("some sessions of a user could not be ended"))
                        : Mono.empty());
    }
}
