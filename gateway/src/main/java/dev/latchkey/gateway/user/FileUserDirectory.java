package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The users of a file. */
final class FileUserDirectory implements UserDirectory {

    /** More is nobody's password, and is not worth the work. */
    static final int LONGEST_PASSWORD = 1024;

    private final UsersFileWatch watch;
    private final PasswordChecks checks;

    FileUserDirectory(UsersFileWatch watch, PasswordChecks checks) {
        this.watch = watch;
        this.checks = checks;
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.fromSupplier(() -> lookup(watch.current().find(subject.value())));
    }

    @Override
    public UserSnapshot snapshot() {
        return watch.snapshot();
    }

    @Override
    public void whenChanged(Function<UserSnapshot, Optional<String>> judge) {
        watch.whenChanged(judge);
    }

    @Override
    public void report(Optional<String> refusal) {
        watch.report(refusal);
    }

    @Override
    public Optional<Set<String>> roles() {
        return Optional.of(watch.current().roles());
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return Mono.defer(() -> isTooLong(password) ? Mono.just(new UserLookup.Absent()) : check(name, password));
    }

    private Mono<UserLookup> check(String name, Password password) {
        UserTable users = watch.current();
        Optional<UserEntry> entry = users.find(name);
        return checks.matches(password, entry.map(UserEntry::hash).orElse(users.dummyHash()))
                .map(matches -> lookup(entry.filter(it -> matches)))
                .onErrorReturn(RejectedExecutionException.class, new UserLookup.Unavailable())
                .onErrorReturn(TimeoutException.class, new UserLookup.Unavailable());
    }

    private static UserLookup lookup(Optional<UserEntry> entry) {
        return entry.<UserLookup>map(it -> new UserLookup.Found(it.user())).orElseGet(UserLookup.Absent::new);
    }

    private static boolean isTooLong(Password password) {
        String value = password.value();
        return value.length() > LONGEST_PASSWORD || value.getBytes(StandardCharsets.UTF_8).length > LONGEST_PASSWORD;
    }
}
