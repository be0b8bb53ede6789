package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The users of a file. Whoever is unknown or disabled is checked against a hash of the usual kind all the same, so that
 * the time of an answer tells nothing.
 */
final class FileUserDirectory implements UserDirectory {

    private static final PasswordHash NOBODY =
            new PasswordHash(PasswordHash.Kind.BCRYPT, "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy");

    private final UsersFile file;
    private final Scheduler hashing;

    FileUserDirectory(UsersFile file, Scheduler hashing) {
        this.file = file;
        this.hashing = hashing;
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.just(enabled(subject)
                .map(UserEntry::user)
                .map(FileUserDirectory::found)
                .orElseGet(FileUserDirectory::absent));
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return Mono.fromCallable(() -> check(name, password))
                .subscribeOn(hashing)
                .onErrorResume(RejectedExecutionException.class, full -> Mono.just(new UserLookup.Unavailable()));
    }

    private UserLookup check(String name, Password password) {
        Optional<UserEntry> entry = subject(name).flatMap(this::enabled);
        PasswordHash hash = entry.map(UserEntry::password).orElseGet(this::usualHash);
        boolean matches = hash.matches(password);
        return entry.filter(it -> matches)
                .map(UserEntry::user)
                .map(FileUserDirectory::found)
                .orElseGet(FileUserDirectory::absent);
    }

    private Optional<UserEntry> enabled(Subject subject) {
        return Optional.ofNullable(file.users().get(subject)).filter(entry -> !entry.disabled());
    }

    private static Optional<Subject> subject(String name) {
        try {
            return Optional.of(new Subject(name));
        } catch (IllegalArgumentException nobody) {
            return Optional.empty();
        }
    }

    /** A hash of the kind that most users have, so that it costs what theirs cost. */
    private PasswordHash usualHash() {
        Map<PasswordHash.Kind, Long> kinds = file.users().values().stream()
                .collect(Collectors.groupingBy(it -> it.password().kind(), Collectors.counting()));
        Optional<PasswordHash.Kind> usual =
                kinds.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
        return file.users().values().stream()
                .map(UserEntry::password)
                .filter(hash -> usual.filter(hash.kind()::equals).isPresent())
                .min(Comparator.comparing(PasswordHash::encoded))
                .orElse(NOBODY);
    }

    private static UserLookup found(User user) {
        return new UserLookup.Found(user);
    }

    private static UserLookup absent() {
        return new UserLookup.Absent();
    }
}
