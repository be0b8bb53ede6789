package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.ListedUserDirectory;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserLookup;
import dev.latchkey.gateway.user.UserSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** A directory of which the test says what it holds, and in which every password is right. */
public final class TestDirectory implements ListedUserDirectory {

    private final List<Optional<String>> reported = new ArrayList<>();
    private UserSnapshot snapshot;
    private Function<UserSnapshot, Optional<String>> judge = users -> Optional.empty();
    private Runnable whileChecking = () -> {};
    private int answersNow = Integer.MAX_VALUE;

    public TestDirectory(UserSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** Each user is written as name=stamp; who has no stamp is disabled. */
    public static UserSnapshot snapshot(String version, boolean isConfirmed, String... users) {
        Map<Subject, User> active = new TreeMap<>(Comparator.comparing(Subject::value));
        Set<Subject> disabled = Stream.of(users)
                .filter(text -> text.endsWith("="))
                .map(text -> new Subject(text.substring(0, text.length() - 1)))
                .collect(Collectors.toSet());
        Stream.of(users)
                .filter(text -> !text.endsWith("="))
                .map(parts -> parts.split("=", 2))
                .forEach(parts -> {
                    Subject subject = new Subject(parts[0]);
                    active.put(subject, new User(subject, Roles.NONE, parts[1]));
                });
        return new UserSnapshot(version, active, disabled, isConfirmed);
    }

    /** What was said of applying it. */
    public List<Optional<String>> reported() {
        return reported;
    }

    public void hold(UserSnapshot users) {
        snapshot = users;
    }

    /** Why these users may not count, or nothing. */
    public Optional<String> judge(UserSnapshot users) {
        return judge.apply(users);
    }

    /** Has this happen while the next password is checked. */
    public void whileChecking(Runnable change) {
        whileChecking = change;
    }

    /** It says how it is now so many times, and then only what it knows, as a store that has just failed. */
    public TestDirectory failingAfter(int answers) {
        answersNow = answers;
        return this;
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.fromSupplier(() -> lookup(subject));
    }

    @Override
    public Mono<UserLookup> findNow(Subject subject) {
        return answersNow-- > 0 ? find(subject) : Mono.just(new UserLookup.Unavailable());
    }

    private UserLookup lookup(Subject subject) {
        User user = snapshot.active().get(subject);
        return user == null ? new UserLookup.Absent() : new UserLookup.Found(user);
    }

    @Override
    public UserSnapshot snapshot() {
        return snapshot;
    }

    @Override
    public void whenChanged(Function<UserSnapshot, Optional<String>> whom) {
        judge = whom;
    }

    @Override
    public void report(Optional<String> refusal) {
        reported.add(refusal);
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        UserLookup lookup = lookup(new Subject(name));
        Runnable meanwhile = whileChecking;
        whileChecking = () -> {};
        meanwhile.run();
        return Mono.just(lookup);
    }
}
