package dev.latchkey.gateway.signin.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.ratelimit.LimitOutcome.Within;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.signin.RequestingClient;
import dev.latchkey.gateway.signin.SessionStarter;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter.Counted;
import dev.latchkey.gateway.signin.password.NewPasswords.Choice;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChange;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.UserLookup;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.reactive.function.server.MockServerRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What becomes of a change that its client does not wait for. */
final class PasswordChangerTests {

    private static final Subject ADA = new Subject("ada");
    private static final User USER = new User(ADA, Roles.NONE, "stamp");
    private static final Choice CHOICE = new Choice(new Password("old"), new Password("new"));
    private static final AccessClaims CALLER = TestClaims.access(
            ADA,
            SessionId.random(new SecureRandom()),
            new Generation(1),
            new TokenId(1, 2),
            TestClaims.times(Instant.EPOCH, Instant.EPOCH.plusSeconds(300), Instant.EPOCH),
            Roles.NONE);

    private final List<AuditEvent> audit = new ArrayList<>();
    private final AttemptLimiter attempts = mock(AttemptLimiter.class);
    private final UserDirectory users = mock(UserDirectory.class);
    private final SessionStarter starter = mock(SessionStarter.class);
    private final RequestingClient clients = mock(RequestingClient.class);
    private final PasswordChanger changer = new PasswordChanger(
            attempts, users, starter, clients, audit::add, new RepeatedEvents(audit::add, Clock.systemUTC()));

    @Test
    void changeWhenTheClientLeavesWhileItIsStoredThenItGoesOnAndIsTold() {
        Sinks.One<PasswordChange> stored = Sinks.one();
        when(clients.of(any(), any())).thenReturn(new ClientFacts("Firefox", "192.0.2.1", Optional.empty()));
        when(attempts.attempt(any()))
                .thenReturn(Mono.just(new Within<>(new Counted(Optional.of("counter"), Optional.empty()))));
        when(attempts.succeeded(any(), any())).thenReturn(Mono.just(new Within<>("counter")));
        when(users.authenticate(any(), any())).thenReturn(Mono.just(new UserLookup.Found(USER)));
        when(users.changePassword(any(), any())).thenReturn(stored.asMono());
        when(starter.begin(any(), any())).thenReturn(Mono.just(new Failure<>(Problem.UNAVAILABLE)));

        Disposable client = changer.change(request(), CALLER, CHOICE).subscribe();
        client.dispose();
        stored.tryEmitValue(new PasswordChange.Changed(USER)).orThrow();

        assertThat(audit)
                .containsExactly(
                        AuditEvent.passwordChanged(ADA, CALLER.session().publicId(), "192.0.2.1"));
    }

    private static MockServerRequest request() {
        return MockServerRequest.builder()
                .exchange(MockServerWebExchange.from(MockServerHttpRequest.post("/auth/password")))
                .build();
    }
}
