package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.signin.SessionStarter.StartOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts sign-ins by result. */
@Component
final class SignInMeters {

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final Counter started;
    private final Counter wrong;
    private final Counter limited;
    private final Counter unavailable;

    SignInMeters(MeterRegistry registry) {
        this.started = counter(registry, "started");
        this.wrong = counter(registry, "wrong");
        this.limited = counter(registry, "limited");
        this.unavailable = counter(registry, "unavailable");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("latchkey.sign.ins")
                .description("Sign-ins by what came of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    void count(StartOutcome outcome) {
        outcome.fold(pair -> started, this::of).increment();
    }

    private Counter of(Problem problem) {
        if (problem.status() == TOO_MANY) {
            return limited;
        }
        return problem.status() == UNAVAILABLE ? unavailable : wrong;
    }
}
