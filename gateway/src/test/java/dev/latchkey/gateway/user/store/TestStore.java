package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.TestChecks;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A store that counts what it is asked, and answers when a test wants it to. */
public final class TestStore implements UserStore {

    public static final String HASH = "{bcrypt}$2a$04$HxyeczJiJnslgzMZyvOPFeClkKGDRmdyKEs0JtW5kHxVAH2P9c6RO";

    private final Map<Subject, StoredUser> users = new ConcurrentHashMap<>();
    private final List<Subject> asked = new CopyOnWriteArrayList<>();
    private final List<Collection<Subject>> askedForMany = new CopyOnWriteArrayList<>();
    private final PasswordChecks checks = TestChecks.open(1);
    private final StoreState state = new StoreState("test");
    private volatile UnaryOperator<Mono<Optional<StoredUser>>> answer = known -> known;
    private volatile Optional<Subject> unclear = Optional.empty();
    private volatile Duration delay = Duration.ZERO;
    private volatile Runnable whenMany = () -> {};

    public static UsersProperties properties(Duration pollInterval, Duration cacheTime) {
        return new UsersProperties(UserSource.POSTGRESQL, null, pollInterval, Duration.ofSeconds(2), cacheTime, 100);
    }

    public StoreLookups lookups(UsersProperties properties) {
        return lookups(properties, InstantSource.system(), new HashChecks(checks));
    }

    StoreLookups lookups(UsersProperties properties, InstantSource clock, HashChecks hashes) {
        return new StoreLookups(this, properties, clock, state, hashes, new SimpleMeterRegistry());
    }

    public StoreState state() {
        return state;
    }

    public StoreSignIns signIns(StoreLookups lookups, UsersProperties properties) {
        return new StoreSignIns(this, lookups, new HashChecks(checks), checks, properties);
    }

    public StorePasswords passwords(StoreLookups lookups, UsersProperties properties) {
        return new StorePasswords(this, lookups, checks, properties);
    }

    public void put(String name, String hash) {
        Subject subject = new Subject(name);
        users.put(
                subject,
                StoredUsers.of(
                        subject,
                        Optional.of(hash),
                        Optional.empty(),
                        List.of("customer"),
                        false,
                        Optional.empty(),
                        Optional.empty()));
    }

    public void remove(String name) {
        users.remove(new Subject(name));
    }

    /** What becomes of answers about one user. */
    public void answering(UnaryOperator<Mono<Optional<StoredUser>>> answering) {
        answer = answering;
    }

    /** What happens before it answers about many. */
    public void whenAskedForMany(Runnable action) {
        whenMany = action;
    }

    /** Of this user it says what cannot be. */
    public void unclear(Subject user) {
        unclear = Optional.of(user);
    }

    /** How long answers about many take. */
    public void delayMany(Duration slow) {
        delay = slow;
    }

    /** Whom it was asked for one by one. */
    public List<Subject> asked() {
        return asked;
    }

    /** Whom it was asked for together. */
    public List<Collection<Subject>> askedForMany() {
        return askedForMany;
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public Mono<Optional<StoredUser>> find(Subject subject) {
        return Mono.defer(() -> {
            asked.add(subject);
            return answer.apply(Mono.fromSupplier(() -> Optional.ofNullable(users.get(subject))));
        });
    }

    @Override
    public Flux<StoredUser> findAll(Collection<Subject> subjects) {
        return Flux.defer(() -> {
                    askedForMany.add(List.copyOf(subjects));
                    whenMany.run();
                    if (unclear.filter(subjects::contains).isPresent()) {
                        return Flux.error(new StoreTroubleException("two of one name", null));
                    }
                    Flux<StoredUser> found = Flux.fromIterable(subjects).mapNotNull(users::get);
                    return delay.isZero() ? found : found.delaySequence(delay);
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public Mono<Boolean> replaceHash(StoredUser expected, PasswordHash next, String version) {
        return Mono.just(false);
    }
}
