package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.denylist.UserRecord;
import dev.latchkey.gateway.denylist.UserRecords;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.UserLookup;
import dev.latchkey.gateway.user.UserSnapshot;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The directory, unless another node has read a newer state of it: then that one counts here, too. Without it a node
 * that reads the file a moment later would let a disabled user in, and end the sessions of a new one.
 */
@Component
@Primary
final class AgreedUserDirectory implements UserDirectory {

    private final UserDirectory own;
    private final UserRecords records;
    private final UserChanges changes;

    AgreedUserDirectory(@Qualifier("userDirectory") UserDirectory own, UserRecords records, UserChanges changes) {
        this.own = own;
        this.records = records;
        this.changes = changes;
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.zip(own.find(subject), records.find(subject))
                .map(both -> newer(both.getT2())
                        .map(record -> found(subject, record))
                        .orElse(both.getT1()))
                .onErrorReturn(new UserLookup.Unavailable());
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return own.authenticate(name, password)
                .flatMap(lookup -> lookup.fold(this::entering, () -> Mono.just(lookup), () -> Mono.just(lookup)));
    }

    /** A password that was changed elsewhere is no longer his. */
    private Mono<UserLookup> entering(User user) {
        return records.find(user.subject())
                .map(record -> newer(record)
                        .map(it -> it.stamp().equals(user.credentialStamp())
                                ? found(user.subject(), it)
                                : new UserLookup.Absent())
                        .orElseGet(() -> new UserLookup.Found(user)))
                .onErrorReturn(new UserLookup.Unavailable());
    }

    private Optional<UserRecord> newer(Optional<UserRecord> record) {
        return record.filter(it -> it.revision() > changes.revision());
    }

    private static UserLookup found(Subject subject, UserRecord record) {
        return record.mayEnter()
                ? new UserLookup.Found(new User(subject, record.roles(), record.stamp()))
                : new UserLookup.Absent();
    }

    @Override
    public UserSnapshot snapshot() {
        return own.snapshot();
    }

    @Override
    public void whenChanged(Consumer<UserSnapshot> listener) {
        own.whenChanged(listener);
    }

    @Override
    public Optional<Set<String>> roles() {
        return own.roles();
    }
}
