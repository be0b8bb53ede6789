package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.UserTable.UserEntry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The users of a file. */
final class FileUserDirectory implements ListedUserDirectory {

    private final ReloadableFile<UserTable> users;
    private final UsersFile file;
    private final ReloadStatus status;
    private final PasswordChecks checks;

    FileUserDirectory(ReloadableFile<UserTable> users, UsersFile file, ReloadStatus status, PasswordChecks checks) {
        this.users = users;
        this.file = file;
        this.status = status;
        this.checks = checks;
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.fromSupplier(() -> lookup(users.current().find(subject.value())));
    }

    @Override
    public UserSnapshot snapshot() {
        return users.current().snapshot();
    }

    @Override
    public void whenChanged(Function<UserSnapshot, Optional<String>> check) {
        file.whenChanged(check);
    }

    @Override
    public void report(Optional<String> refusal) {
        refusal.ifPresentOrElse(why -> status.refused(file.wrong(why)), status::corrected);
    }

    @Override
    public Optional<Set<String>> roles() {
        return Optional.of(users.current().roles());
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return Mono.defer(() -> password.isTooLong() ? Mono.just(new UserLookup.Absent()) : check(name, password));
    }

    private Mono<UserLookup> check(String name, Password password) {
        UserTable table = users.current();
        Optional<UserEntry> entry = table.find(name);
        return checks.matches(password, entry.map(UserEntry::hash).orElse(table.dummyHash()))
                .map(matches -> lookup(entry.filter(found -> matches)))
                .onErrorReturn(RejectedExecutionException.class, new UserLookup.Unavailable())
                .onErrorReturn(TimeoutException.class, new UserLookup.Unavailable());
    }

    private static UserLookup lookup(Optional<UserEntry> entry) {
        return entry.<UserLookup>map(found -> new UserLookup.Found(found.user()))
                .orElseGet(UserLookup.Absent::new);
    }
}
