package dev.latchkey.gateway.user;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.security.crypto.password.PasswordEncoder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Compares passwords with hashes on threads of its own, as many at a time as there are cores. */
final class PasswordChecks implements DisposableBean {

    /** More than this are turned away: they would wait for seconds. */
    static final int QUEUE = 100;

    /** bcrypt reads no further, so a longer password would match by its beginning. */
    static final int LONGEST_BCRYPT = 72;

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
     * Whether the password is the hash's, found out at the same cost either way.
     *
     * @return fails with {@link RejectedExecutionException} where the queue is full and {@link TimeoutException} where
     *     it is slow
     */
    Mono<Boolean> matches(Password password, PasswordHash hash) {
        return Mono.fromCallable(() -> check(NormalForm.ofPassword(password.value()), hash))
                .subscribeOn(scheduler)
                .publishOn(Schedulers.parallel())
                .timeout(LONGEST_WAIT);
    }

    /** Also a password that cannot be right is hashed, or rather one in its place: an answer at once would tell. */
    private boolean check(String password, PasswordHash hash) {
        boolean possible = isPossible(password, hash);
        return encoder.matches(possible ? password : "impossible", hash.stored()) && possible;
    }

    /** The encoder answers an empty password at once, and bcrypt takes a zero byte for the password's end. */
    private static boolean isPossible(String password, PasswordHash hash) {
        return !password.isEmpty()
                && password.indexOf('\0') < 0
                && (!hash.stored().startsWith(PasswordHash.BCRYPT)
                        || password.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BCRYPT);
    }

    @Override
    public void destroy() {
        scheduler.dispose();
    }
}
