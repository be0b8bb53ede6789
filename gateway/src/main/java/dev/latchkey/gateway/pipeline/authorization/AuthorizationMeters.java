package dev.latchkey.gateway.pipeline.authorization;

import dev.latchkey.gateway.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts requests to routes by whether, and as whom, they were let in. */
@Component
public final class AuthorizationMeters {

    private static final int SERVICE_UNAVAILABLE = 503;

    private final Counter open;
    private final Counter identified;
    private final Counter anonymous;
    private final Counter signIn;
    private final Counter forbidden;
    private final Counter refused;
    private final Counter unavailable;

    AuthorizationMeters(MeterRegistry registry) {
        this.open = counter(registry, "public");
        this.identified = counter(registry, "identified");
        this.anonymous = counter(registry, "anonymous");
        this.signIn = counter(registry, "sign-in");
        this.forbidden = counter(registry, "forbidden");
        this.refused = counter(registry, "refused");
        this.unavailable = counter(registry, "unavailable");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("latchkey.admissions")
                .description("Requests to routes by whether they were let in")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** To a public route, where nobody is asked. */
    public void open() {
        open.increment();
    }

    public void count(AuthorizationDecision authorizationDecision) {
        authorizationDecision
                .fold((caller, audience) -> identified, () -> anonymous, () -> signIn, () -> forbidden)
                .increment();
    }

    /** Before the entry rule was asked: ambiguous, cross-site, or it could not be checked. */
    public void stopped(Problem problem) {
        (problem.status() == SERVICE_UNAVAILABLE ? unavailable : refused).increment();
    }
}
