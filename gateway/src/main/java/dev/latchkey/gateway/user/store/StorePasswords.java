package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UsersProperties;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Replaces passwords of users in a store that may be written. */
public final class StorePasswords {

    /** A hash is upgraded once after a sign-in; a further attempt would meet nothing but another change. */
    private static final int ATTEMPTS = 3;

    private final UserStore store;
    private final StoreLookups lookups;
    private final PasswordChecks checks;
    private final Duration timeout;

    StorePasswords(UserStore store, StoreLookups lookups, PasswordChecks checks, UsersProperties properties) {
        this.store = store;
        this.lookups = lookups;
        this.checks = checks;
        this.timeout = properties.timeout();
    }

    /** Whether the store may be written. */
    public boolean mayBeReplaced() {
        return store.isWritable();
    }

    /**
     * The user with the new stamp; empty if the credentials are others than those that were confirmed, or the user may
     * not sign in: then nothing was written. One write, which is done only if the stored hash is what was read. Fails
     * if the store is in trouble, which may have come after the write, or too many passwords are being hashed.
     */
    public Mono<Optional<User>> replace(User confirmed, Password next) {
        return current(confirmed)
                .flatMap(user -> user.flatMap(StoredUser::hash)
                        .map(before -> checks.hashed(next, before).flatMap(hash -> replace(confirmed, hash, ATTEMPTS)))
                        .orElseGet(() -> Mono.just(Optional.empty())));
    }

    /** As the store has the user now; empty if the credentials are others than those that were confirmed. */
    private Mono<Optional<StoredUser>> current(User confirmed) {
        return lookups.findNow(confirmed.subject())
                .map(answer -> answer.active()
                        .filter(user -> user.user().credentialStamp().equals(confirmed.credentialStamp())));
    }

    private Mono<Optional<User>> replace(User confirmed, PasswordHash next, int attempts) {
        return current(confirmed)
                .flatMap(user -> user.filter(same -> attempts > 0)
                        .map(same -> replace(confirmed, same, next, attempts))
                        .orElseGet(() -> Mono.just(Optional.empty())));
    }

    /** A hash of the same password, of a better kind, may have come in between: that one is replaced then. */
    private Mono<Optional<User>> replace(User confirmed, StoredUser known, PasswordHash next, int attempts) {
        return store.replaceHash(known, next, CredentialVersion.replacing(next.stored()))
                .timeout(timeout)
                .doFinally(signal -> lookups.forget(confirmed.subject()))
                .flatMap(isReplaced -> isReplaced
                        ? Mono.just(Optional.of(known.user().withStamp(next.stamp())))
                        : replace(confirmed, next, attempts - 1));
    }
}
