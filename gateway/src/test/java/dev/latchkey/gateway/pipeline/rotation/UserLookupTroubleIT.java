package dev.latchkey.gateway.pipeline.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.UserLookup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Old refresh tokens of users who cannot be looked up, or are gone. */
final class UserLookupTroubleIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Subject ADA = new Subject("ada");

    private final Gateway node = WORLD.gateway();
    private final AuditLog audit = node.bean(AuditLog.class);
    private final RepeatedEvents repeated = new RepeatedEvents(audit, WORLD.clock());
    private final SessionRotation rotation = rotation(node.bean(UserDirectory.class));
    private RefreshClaims first;

    /** The third generation is the current one. */
    @BeforeEach
    void begin() {
        first = claims(node.bean(TokenMint.class)
                .mint(session(), Roles.NONE, IdTokenClaims.NONE, true, Optional.empty())
                .refresh()
                .orElseThrow());
        WORLD.clock().advance(World.GRACE);
        RefreshClaims second = rotated(rotate(rotation, first));
        WORLD.clock().advance(World.GRACE);
        rotated(rotate(rotation, second));
    }

    @Test
    void rotateWhenTheUserCannotBeLookedUpThenAnOldTokenIsRefusedAndReportedAllTheSame() {
        SessionRotation troubled = rotation(new Directory(new UserLookup.Unavailable()));
        assertThat(rotate(troubled, first)).isEqualTo(Refused.WITHOUT_REASON);
        assertThat(WORLD.auditNames()).containsExactly("refresh-stale");
        WORLD.clock().advance(World.GRACE.multipliedBy(2));
        assertThat(rotate(troubled, first)).isEqualTo(Refused.because(SessionEndReason.REVOKED));
        assertThat(WORLD.auditNames()).containsExactly("refresh-stale", "session-reused");
    }

    @Test
    void rotateWhenTheUserCannotBeLookedUpThenTheNewestTokenGetsA503AndGoesOnLater() {
        SessionRotation troubled = rotation(new Directory(new UserLookup.Unavailable()));
        RefreshClaims next = claims(node.bean(TokenMint.class)
                .mint(session(), Roles.NONE, IdTokenClaims.NONE, true, Optional.empty())
                .refresh()
                .orElseThrow());
        WORLD.clock().advance(World.GRACE);
        assertThat(rotate(troubled, next)).isEqualTo(new RotationOutcome.Unavailable());
        WORLD.clock().advance(World.GRACE);
        rotated(rotate(rotation, next));
        assertThat(WORLD.audit()).isEmpty();
    }

    @Test
    void rotateWhenTheUserIsGoneThenAReplayThatEndsTheSessionIsReported() {
        assertThat(rotate(rotation, first)).isEqualTo(Refused.WITHOUT_REASON);
        WORLD.clock().advance(World.GRACE.multipliedBy(2));
        SessionRotation without = rotation(new Directory(new UserLookup.Absent()));
        assertThat(rotate(without, first)).isEqualTo(Refused.because(SessionEndReason.REVOKED));
        assertThat(WORLD.auditNames()).containsExactly("refresh-stale", "session-reused");
    }

    private SessionView session() {
        User ada = waitFor(node.bean(UserDirectory.class).find(ADA))
                .fold(Optional::of, Optional::<User>empty, Optional::<User>empty)
                .orElseThrow();
        return waitFor(node.bean(RedisSessionStore.class)
                        .create(new NewSession(ADA, ada.credentialStamp(), new ClientFacts("Firefox", "203.0.113.9"))))
                .fold(view -> view, () -> {
                    throw new AssertionError("Redis does not answer");
                });
    }

    private RefreshClaims claims(RefreshToken token) {
        return node.bean(RefreshTokenCodec.class)
                .verify(token)
                .fold(valid -> valid.claims(), expired -> expired.claims(), invalid -> {
                    throw new AssertionError("not ours");
                });
    }

    private static RotationOutcome rotate(SessionRotation by, RefreshClaims presented) {
        return waitFor(by.rotate(presented, RotationCause.TRANSPARENT));
    }

    private RefreshClaims rotated(RotationOutcome outcome) {
        return claims(outcome.fold(
                rotated -> rotated.pair().refresh().orElseThrow(),
                refused -> {
                    throw new AssertionError("refused");
                },
                () -> {
                    throw new AssertionError("unavailable");
                }));
    }

    private static <T> T waitFor(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(LIMIT));
    }

    private SessionRotation rotation(UserDirectory users) {
        return new SessionRotation(
                node.bean(RedisSessionStore.class),
                node.bean(SessionRevoker.class),
                users,
                node.bean(Denylist.class),
                node.bean(UserRecords.class),
                Optional.empty(),
                node.bean(TokenMint.class),
                new RotationAudit(audit, repeated),
                new RotationMeters(new SimpleMeterRegistry()));
    }

    /** Says the same of everybody. */
    private record Directory(UserLookup answer) implements UserDirectory {

        @Override
        public Mono<UserLookup> find(Subject subject) {
            return Mono.just(answer);
        }

        @Override
        public Mono<UserLookup> authenticate(String name, Password password) {
            return Mono.just(answer);
        }
    }
}
