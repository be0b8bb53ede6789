package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.ListedUserDirectory;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.UserLookup;
import dev.latchkey.gateway.user.UserSource;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The directory, unless another node has read a newer state of it: then that state counts here, too. Otherwise a node
 * that reads the file a moment later would let a disabled user in, and end the sessions of a new one.
 */
@Component
@ConditionalOnUserSource(UserSource.FILE)
@Primary
final class AgreedUserDirectory implements UserDirectory {

    private final ListedUserDirectory own;
    private final UserRecords records;
    private final UserChanges changes;
    private final Denylist denylist;

    AgreedUserDirectory(ListedUserDirectory own, UserRecords records, UserChanges changes, Denylist denylist) {
        this.own = own;
        this.records = records;
        this.changes = changes;
        this.denylist = denylist;
    }

    /** Asks Redis only if another node may have read something newer of this user, so most rotations need not. */
    @Override
    public Mono<UserLookup> find(Subject subject) {
        return own.find(subject)
                .flatMap(says -> isEnough(subject, says) ? Mono.just(says) : agreed(subject, says))
                .onErrorReturn(new UserLookup.Unavailable());
    }

    /**
     * A newer list that changes a known user is told of by the denylist, which keeps it for longer than this node may
     * go without asking whether its list is the newest. Of a user who is new there, the denylist says nothing.
     */
    private boolean isEnough(Subject subject, UserLookup says) {
        return says instanceof UserLookup.Found
                && changes.isNewest(own.snapshot())
                && denylist.knowsOfNoChange(subject);
    }

    /** The denylist may not have told of a change yet that a session began after. */
    @Override
    public Mono<UserLookup> findNow(Subject subject) {
        return own.find(subject).flatMap(says -> agreed(subject, says)).onErrorReturn(new UserLookup.Unavailable());
    }

    private Mono<UserLookup> agreed(Subject subject, UserLookup says) {
        return records.find(subject).map(record -> agreed(subject, says, record));
    }

    /**
     * What is recorded at this node's revision is what this node is about to say. An older list lets nobody in of whom
     * nothing is recorded.
     */
    private UserLookup agreed(Subject subject, UserLookup says, Optional<UserRecord> record) {
        if (record.isEmpty() && says instanceof UserLookup.Found && changes.isOlder()) {
            return new UserLookup.Unavailable();
        }
        return record.filter(noted -> noted.revision() >= changes.revision())
                .map(noted -> found(subject, noted, says))
                .orElse(says);
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return own.authenticate(name, password)
                .flatMap(lookup -> lookup.fold(this::entering, () -> Mono.just(lookup), () -> Mono.just(lookup)));
    }

    /** A password that was changed elsewhere, or while it was checked, is not accepted. */
    private Mono<UserLookup> entering(User user) {
        return Mono.zip(own.find(user.subject()), records.find(user.subject()))
                .map(both -> entering(user, both.getT1(), both.getT2()))
                .onErrorReturn(new UserLookup.Unavailable());
    }

    /** While a change is not applied yet, a session with the new password would be ended by it. */
    private UserLookup entering(User user, UserLookup says, Optional<UserRecord> record) {
        boolean isKnown = record.filter(noted -> !noted.stamp().equals(user.credentialStamp()))
                .isEmpty();
        if (!isKnown && !changes.isApplied(own.snapshot())) {
            return new UserLookup.Unavailable();
        }
        UserLookup now = agreed(user.subject(), says, record);
        return now.fold(
                found -> found.credentialStamp().equals(user.credentialStamp()) ? now : new UserLookup.Absent(),
                () -> now,
                () -> now);
    }

    /** Name and address are not recorded: this node says them, if it knows the user. */
    private static UserLookup found(Subject subject, UserRecord record, UserLookup says) {
        User known = new User(subject, record.roles(), record.stamp());
        return record.mayEnter()
                ? new UserLookup.Found(says.fold(known::withProfileOf, () -> known, () -> known))
                : new UserLookup.Absent();
    }

    @Override
    public Optional<Set<String>> roles() {
        return own.roles();
    }
}
