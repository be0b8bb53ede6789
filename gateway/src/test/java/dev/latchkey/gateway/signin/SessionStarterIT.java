package dev.latchkey.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionSummary;
import dev.latchkey.gateway.session.UserSessionIndex;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Attempt;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.user.Password;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user who changes between the right password and the session. */
final class SessionStarterIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Subject ADA = new Subject("ada");

    @ParameterizedTest
    @CsvSource({"ada=a, started", "ada=A, 401", "ada=, 401", "bob=b, 401"})
    void startWhenTheUserChangesAfterThePasswordWasCheckedThenNoSession(String meanwhile, String expected) {
        Gateway node = WORLD.gateway();
        List<AuditEvent> audit = new ArrayList<>();
        TestDirectory users = new TestDirectory(TestDirectory.snapshot("v1", false, "ada=a"));
        users.whileChecking(() -> users.hold(TestDirectory.snapshot("v2", false, meanwhile)));

        assertThat(signIn(node, users, audit)).isEqualTo(expected);
        boolean isStarted = expected.equals("started");
        assertThat(sessions(node)).hasSize(isStarted ? 1 : 0);
        assertThat(audit).extracting(AuditEvent::name).containsExactly(isStarted ? "signed-in" : "sign-in-refused");
    }

    /** Nobody has its tokens, so nobody could end it. */
    @Test
    void startWhenTheStoreFailsOnceTheSessionBeganThenItIsEndedAndThatIsSaid() {
        Gateway node = WORLD.gateway();
        TestDirectory users = new TestDirectory(TestDirectory.snapshot("v1", false, "ada=a")).failingAfter(0);

        assertThat(signIn(node, users, new ArrayList<>())).isEqualTo("503");

        assertThat(sessions(node)).isEmpty();
        assertThat(AuditFacts.all(WORLD.audit(), "session-revoked", "reason")).containsExactly("sign-in-failed");
    }

    private static String signIn(Gateway node, TestDirectory users, List<AuditEvent> audit) {
        SessionStarter starter = new SessionStarter(
                node.bean(AttemptLimiter.class),
                users,
                node.bean(RedisSessionStore.class),
                node.bean(SessionRevoker.class),
                node.bean(TokenMint.class),
                audit::add,
                new RepeatedEvents(audit::add, WORLD.clock()),
                node.bean(MeterRegistry.class));
        Attempt attempt = new Attempt("ada", "127.0.0.1", Optional.empty());
        Result<TokenPair> outcome =
                Objects.requireNonNull(starter.start(attempt, new Password("any"), new ClientFacts("", "127.0.0.1"))
                        .block(LIMIT));
        return outcome.fold(pair -> "started", problem -> Integer.toString(problem.status()));
    }

    private static List<SessionSummary> sessions(Gateway node) {
        return Objects.requireNonNull(
                        node.bean(UserSessionIndex.class).list(ADA).block(LIMIT))
                .fold(all -> all, () -> {
                    throw new AssertionError("Redis is there");
                });
    }
}
