package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.NormalForm;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.UsersProperties;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;

/**
 * Checks passwords of users in a store. Where it may be written, a hash of an outdated kind is replaced after a sign-in
 * with it, in the background; the version of the credentials stays, so no session ends.
 */
public final class StoreSignIns {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreSignIns.class);

    /** Who finds no slot is upgraded at a later sign-in. */
    private static final int UPGRADES_AT_ONCE = 4;
    /** The longest wait for a thread that computes hashes, which {@link PasswordChecks} limits. */
    private static final Duration LONGEST_HASHING = Duration.ofSeconds(10);

    private final UserStore store;
    private final StoreLookups lookups;
    private final HashChecks hashes;
    private final PasswordChecks checks;
    private final Duration timeout;
    private final Semaphore upgrades = new Semaphore(UPGRADES_AT_ONCE);
    private final ThrottledLog log = new ThrottledLog(LOGGER, Level.WARN);

    StoreSignIns(
            UserStore store,
            StoreLookups lookups,
            HashChecks hashes,
            PasswordChecks checks,
            UsersProperties properties) {
        this.store = store;
        this.lookups = lookups;
        this.hashes = hashes;
        this.checks = checks;
        this.timeout = properties.timeout();
    }

    /**
     * What the store says of the user of this name, if the password is theirs and they may sign in; else empty. Takes
     * as long either way. Fails if the store is in trouble, or too many passwords are being checked.
     */
    public Mono<Optional<StoreAnswer>> authenticate(String name, Password password) {
        return Mono.defer(() -> {
            String normal = NormalForm.ofName(name);
            if (password.isTooLong()) {
                return Mono.just(Optional.empty());
            }
            return Subject.isLocalName(normal)
                    ? lookups.findNow(new Subject(normal)).flatMap(answer -> checked(answer, password))
                    : matches(Optional.empty(), password).thenReturn(Optional.empty());
        });
    }

    private Mono<Optional<StoreAnswer>> checked(StoreAnswer answer, Password password) {
        return matches(answer.user(), password)
                .map(matches -> Optional.of(answer)
                        .filter(known -> matches && known.active().isPresent()))
                .doOnNext(right -> right.flatMap(StoreAnswer::user).ifPresent(user -> upgrade(user, password)));
    }

    private Mono<Boolean> matches(Optional<StoredUser> user, Password password) {
        return store.matches(user, password, hashes).timeout(timeout.plus(LONGEST_HASHING));
    }

    private void upgrade(StoredUser user, Password password) {
        if (!store.isWritable() || user.hash().isEmpty() || !upgrades.tryAcquire()) {
            return;
        }
        // Nobody waits for it: the sign-in goes on with the hash that was right.
        var unused = checks.upgraded(password, user.hash().get())
                .flatMap(next -> next.map(hash -> replaced(user, hash)).orElseGet(Mono::empty))
                .doFinally(signal -> upgrades.release())
                .subscribe(
                        done -> lookups.forget(user.user().subject()),
                        failure -> log.write(
                                "users: a hash could not be upgraded; the next sign-in tries again",
                                failure.getClass().getSimpleName()));
    }

    private Mono<Boolean> replaced(StoredUser user, PasswordHash next) {
        String version = CredentialVersion.keeping(user.user().credentialStamp(), next.stored());
        return store.replaceHash(user, next, version).timeout(timeout);
    }
}
