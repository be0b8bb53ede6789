package dev.latchkey.gateway.user;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.security.crypto.password.PasswordEncoder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Compares passwords with hashes on threads of its own, one for each core. */
public final class PasswordChecks implements DisposableBean {

    /** More than this are rejected, because they would wait for seconds. */
    static final int QUEUE = 100;

    private static final int IDLE_SECONDS = 60;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final PasswordEncoder encoder;
    private final Scheduler scheduler;

    PasswordChecks(PasswordEncoder encoder) {
        this(encoder, Runtime.getRuntime().availableProcessors(), QUEUE);
    }

    PasswordChecks(PasswordEncoder encoder, int parallel, int queue) {
        this.encoder = encoder;
        this.scheduler = Schedulers.newBoundedElastic(
                parallel, Math.max(1, queue / parallel), "latchkey-passwords", IDLE_SECONDS, true);
    }

    /**
     * Whether the password matches the hash; takes as long either way.
     *
     * @return fails with {@link RejectedExecutionException} if the queue is full and {@link TimeoutException} if it is
     *     slow
     */
    public Mono<Boolean> matches(Password password, PasswordHash hash) {
        return timed(password, hash).map(Timed::matches);
    }

    /** Checks a password, and says how long that took. */
    public Mono<Timed> timed(Password password, PasswordHash hash) {
        return Mono.fromCallable(() -> {
                    long begin = System.nanoTime();
                    boolean matches = check(NormalForm.ofPassword(password.value()), hash);
                    return new Timed(matches, System.nanoTime() - begin);
                })
                .subscribeOn(scheduler)
                .publishOn(Schedulers.parallel())
                .timeout(LONGEST_WAIT);
    }

    /**
     * A hash of the same password that costs an attacker as much as one that is made today, if this one costs less. Its
     * form stays, because another program may read it as well.
     */
    public Mono<Optional<PasswordHash>> upgraded(Password password, PasswordHash hash) {
        return hash.form().isWeak(hash.stored())
                ? Mono.fromCallable(() -> Optional.of(upgrade(NormalForm.ofPassword(password.value()), hash)))
                        .subscribeOn(scheduler)
                        .publishOn(Schedulers.parallel())
                        .timeout(LONGEST_WAIT)
                : Mono.just(Optional.empty());
    }

    /**
     * A hash of a new password in the form of the one before, or by Argon2id if that cannot take all of it, as bcrypt
     * more than 72 bytes.
     */
    public Mono<PasswordHash> hashed(Password password, PasswordHash before) {
        return Mono.fromCallable(() -> hash(NormalForm.ofPassword(password.value()), before))
                .subscribeOn(scheduler)
                .publishOn(Schedulers.parallel())
                .timeout(LONGEST_WAIT);
    }

    private static PasswordHash hash(String password, PasswordHash before) {
        return PasswordHash.parse(
                before.form().takes(password)
                        ? before.form().encode(password)
                        : Objects.requireNonNull(PasswordHash.encoder("argon2").encode(password)));
    }

    private static PasswordHash upgrade(String password, PasswordHash hash) {
        return PasswordHash.parse(hash.form().encode(password));
    }

    /** If the password cannot match, another is hashed in its place: a quicker answer would give that away. */
    private boolean check(String password, PasswordHash hash) {
        boolean possible = isPossible(password, hash);
        return encoder.matches(possible ? password : "impossible", hash.stored()) && possible;
    }

    /** The encoder answers at once for an empty password, and for bcrypt a zero byte ends the password. */
    private static boolean isPossible(String password, PasswordHash hash) {
        return !password.isEmpty() && password.indexOf('\0') < 0 && hash.form().takes(password);
    }

    /**
     * What came of a check.
     *
     * @param nanos how long the computation took, without the wait for a thread
     */
    public record Timed(boolean matches, long nanos) {}

    @Override
    public void destroy() {
        scheduler.dispose();
    }
}
