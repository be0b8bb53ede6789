package dev.latchkey.gateway.pipeline.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Rotations of sessions that an OpenID Provider began. */
final class ProviderRotationIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration RECHECK = Duration.ofHours(1);
    private static final ProviderName KEYCLOAK = new ProviderName("keycloak");
    private static final Subject GRACE_HOPPER = Subject.of(KEYCLOAK, "1906");
    private static final Subject ADA = new Subject("ada");

    private final List<SessionId> refreshed = new ArrayList<>();
    private final Map<SessionId, RefreshClaims> tokens = new HashMap<>();
    private final Gateway node = WORLD.gateway();
    private final AuditLog audit = node.bean(AuditLog.class);
    private final RepeatedEvents repeated = new RepeatedEvents(audit, WORLD.clock());
    private final RedisSessionStore sessions = node.bean(RedisSessionStore.class);
    private final SessionRotation rotation = rotation(new SessionProviders() {

        @Override
        public Optional<Duration> recheck(ProviderName provider) {
            return provider.equals(KEYCLOAK) ? Optional.of(RECHECK) : Optional.empty();
        }

        @Override
        public void refresh(SessionView session) {
            refreshed.add(session.id());
        }
    });

    @Test
    void rotateWhenTheUserIsAProvidersThenTheyAreWhoTheSessionSays() {
        SessionView session = begin(GRACE_HOPPER, "", said(KEYCLOAK));
        AccessClaims claims = rotated(rotate(rotation, session));

        assertThat(claims.subject()).isEqualTo(GRACE_HOPPER);
        assertThat(claims.roles()).isEqualTo(Roles.of(List.of("admiral")));
        assertThat(claims.provider())
                .isEqualTo(new IdTokenClaims(
                        Optional.of("Grace Hopper"),
                        Optional.of("grace@navy.example"),
                        Optional.of(Instant.ofEpochSecond(1_700_000_000)),
                        Optional.of("gold")));
        assertThat(refreshed).isEmpty();
    }

    @Test
    void rotateWhenTheProviderIsConfiguredNoMoreThenTheSessionEnds() {
        SessionView other = begin(Subject.of(new ProviderName("entra"), "1906"), "", said(new ProviderName("entra")));
        assertThat(rotate(rotation, other)).isEqualTo(Refused.because(SessionEndReason.REVOKED));
        assertThat(rotate(rotation(SessionProviders.NONE), begin(GRACE_HOPPER, "", said(KEYCLOAK))))
                .isEqualTo(Refused.because(SessionEndReason.REVOKED));
        assertThat(WORLD.auditNames()).containsExactly("session-revoked", "session-revoked");
    }

    @Test
    void rotateWhenDueThenTheProviderIsAskedAndNobodyWaits() {
        SessionView session = begin(GRACE_HOPPER, "", said(KEYCLOAK));
        set(session, Map.of("due", millis(Duration.ZERO), "good", millis(Duration.ZERO)));
        WORLD.clock().advance(World.GRACE.plusSeconds(1));

        rotated(rotate(rotation, session));
        rotated(rotate(rotation, session));

        assertThat(refreshed).containsExactly(session.id());
    }

    @Test
    void rotateWhenTheProviderIsInTroubleThenGoesOnUntilTheRecheckAndIsUnavailableAfterIt() {
        SessionView session = begin(GRACE_HOPPER, "", said(KEYCLOAK));
        set(
                session,
                Map.of(
                        "due", millis(Duration.ZERO),
                        "good", millis(Duration.ofMinutes(-59)),
                        "since", millis(Duration.ofMinutes(-50))));
        WORLD.clock().advance(Duration.ofSeconds(60));
        rotated(rotate(rotation, session));

        WORLD.clock().advance(Duration.ofSeconds(1));
        assertThat(rotate(rotation, session)).isEqualTo(new RotationOutcome.Unavailable());
        assertThat(refreshed).as("asked again all the same").hasSize(2);

        set(session, Map.of("good", millis(Duration.ZERO)));
        rotated(rotate(rotation, session));
        assertThat(WORLD.audit()).isEmpty();
    }

    @Test
    void rotateWhenLapsedThenSaysSoAndEndsNothing() {
        SessionView session = begin(GRACE_HOPPER, "", said(KEYCLOAK));
        set(session, Map.of("lapsed", "1"));
        assertThat(rotate(rotation, session)).isEqualTo(Refused.LAPSED);
        assertThat(WORLD.audit()).containsExactly(refused(session, "lapsed"));
    }

    @Test
    void rotateWhenTheSessionHasEndedThenTheAuditLogSaysSoOnce() {
        SessionView session = begin(GRACE_HOPPER, "", Optional.empty());
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(rotate(rotation, session)).isEqualTo(Refused.because(SessionEndReason.REVOKED));
        }
        assertThat(WORLD.audit()).hasSize(2).last().isEqualTo(refused(session, "unreadable"));
        repeated.stop();
        assertThat(WORLD.audit()).as("the third attempt is counted").hasSize(3);
    }

    @Test
    void rotateWhenJoinedToALocalUserThenTheDirectorySaysWhoTheyAre() {
        User ada = waitFor(node.bean(UserDirectory.class).find(ADA))
                .fold(Optional::of, Optional::<User>empty, Optional::<User>empty)
                .orElseThrow();
        AccessClaims claims = rotated(rotate(rotation, begin(ADA, ada.credentialStamp(), said(KEYCLOAK))));
        assertThat(claims.roles()).isEqualTo(Roles.of(List.of("customer")));
        assertThat(claims.provider().name()).contains("Grace Hopper");

        assertThat(rotate(rotation, begin(ADA, "another", said(KEYCLOAK))))
                .isEqualTo(Refused.because(SessionEndReason.REVOKED));
        assertThat(rotate(rotation, begin(new Subject("nobody"), "", said(KEYCLOAK))))
                .isEqualTo(Refused.because(SessionEndReason.REVOKED));
    }

    /** As no gateway begins one: it must not come back with the rights of anybody. */
    @Test
    void rotateWhenTheRecordSaysNothingOfTheProviderThenTheSessionEnds() {
        assertThat(rotate(rotation, begin(GRACE_HOPPER, "", Optional.empty())))
                .isEqualTo(Refused.because(SessionEndReason.REVOKED));
    }

    private SessionView begin(Subject subject, String stamp, Optional<ProviderClaims> said) {
        return waitFor(sessions.create(new NewSession(subject, stamp, new ClientFacts("Firefox", "203.0.113.9"), said)))
                .fold(view -> view, () -> {
                    throw new AssertionError("Redis does not answer");
                });
    }

    private static Optional<ProviderClaims> said(ProviderName provider) {
        return Optional.of(new ProviderClaims(
                provider,
                Roles.of(List.of("admiral")),
                Optional.of("Grace Hopper"),
                Optional.of("grace@navy.example"),
                Optional.of(Instant.ofEpochSecond(1_700_000_000)),
                Optional.of("gold")));
    }

    private static AuditEvent refused(SessionView session, String reason) {
        return AuditEvent.refreshRefused(GRACE_HOPPER, session.id().publicId(), reason);
    }

    /** With the token that the sign-in gave. */
    private RotationOutcome rotate(SessionRotation by, SessionView session) {
        RefreshClaims token = tokens.computeIfAbsent(session.id(), id -> refreshClaims(session));
        return waitFor(by.rotate(token, RotationCause.TRANSPARENT));
    }

    private static <T> T waitFor(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(LIMIT));
    }

    private RefreshClaims refreshClaims(SessionView session) {
        return node.bean(RefreshTokenCodec.class)
                .verify(node.bean(TokenMint.class)
                        .mint(session, Roles.NONE, IdTokenClaims.NONE, true, Optional.empty())
                        .refresh()
                        .orElseThrow())
                .fold(valid -> valid.claims(), expired -> expired.claims(), invalid -> {
                    throw new AssertionError("not ours");
                });
    }

    private static AccessClaims rotated(RotationOutcome outcome) {
        return outcome.fold(
                rotated -> rotated.pair().claims(),
                refused -> {
                    throw new AssertionError("refused");
                },
                () -> {
                    throw new AssertionError("unavailable");
                });
    }

    private SessionRotation rotation(SessionProviders providers) {
        return new SessionRotation(
                sessions,
                node.bean(SessionRevoker.class),
                node.bean(UserDirectory.class),
                node.bean(Denylist.class),
                node.bean(UserRecords.class),
                Optional.of(providers),
                node.bean(TokenMint.class),
                new RotationAudit(audit, repeated),
                new RotationMeters(new SimpleMeterRegistry()));
    }

    private static String millis(Duration fromNow) {
        return Long.toString(WORLD.clock().instant().plus(fromNow).toEpochMilli());
    }

    private static void set(SessionView session, Map<String, String> fields) {
        try (RedisClient client = RedisClient.create(WORLD.redis().uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().hset(SessionKeys.record(session.id()), fields);
        }
    }
}
