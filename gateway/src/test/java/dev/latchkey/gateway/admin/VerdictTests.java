package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.admin.Explanation.UserFacts;
import dev.latchkey.gateway.admin.Verdict.Why;
import dev.latchkey.gateway.denylist.Denylist.UserEntries;
import dev.latchkey.gateway.denylist.DenylistEntry;
import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.records.SessionState;
import dev.latchkey.gateway.session.records.SessionState.Live;
import dev.latchkey.gateway.session.records.SessionState.State;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Why something is denied, where several reasons could be given or a story cannot easily come to it. */
final class VerdictTests {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Duration LIFE = Duration.ofDays(30);
    private static final Duration ACCESS_TTL = Duration.ofMinutes(10);
    private static final SessionId SESSION = SessionId.random(new SecureRandom());
    private static final UserFacts NOTHING = user(Optional.empty(), Optional.empty(), Optional.empty());

    private static UserFacts user(Optional<Instant> notBefore, Optional<Roles> roles, Optional<UserRecord> record) {
        return new UserFacts(new UserEntries(notBefore, roles, roles.map(any -> NOW.plusSeconds(60))), record);
    }

    private static SessionState session(State state, Optional<DenylistEntry> denial) {
        Live live = new Live(
                NOW.minusSeconds(600), NOW, NOW.plusSeconds(60), 3, new ClientFacts("", ""), Optional.empty(), false);
        PublicSessionId id = SESSION.publicId();
        return new SessionState(
                id,
                state,
                Optional.of(new Subject("ada")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                state == State.EXPIRED ? Optional.empty() : Optional.of(live),
                denial);
    }

    private static AccessClaims token() {
        return TestClaims.access(
                new Subject("ada"),
                SESSION,
                new Generation(2),
                new TokenId(1, 2),
                TestClaims.times(NOW.minusSeconds(300), NOW.plusSeconds(300), NOW.minusSeconds(600)),
                Roles.of(List.of("customer", "admin")));
    }

    private static Why access(SessionState session, UserFacts user, boolean isExpired) {
        return Verdict.ofAccess(token(), isExpired, session, user, LIFE, ACCESS_TTL, NOW)
                .why();
    }

    @Test
    void accessWhenSeveralReasonsHoldThenTheOneThatLastsLongest() {
        SessionState live = session(State.ACTIVE, Optional.empty());
        UserFacts fewerRoles = user(Optional.empty(), Optional.of(Roles.of(List.of("customer"))), Optional.empty());
        UserFacts denied = user(Optional.of(NOW), Optional.of(Roles.NONE), Optional.empty());
        assertThat(access(live, NOTHING, false)).isEqualTo(Why.ACCEPTED);
        assertThat(access(live, NOTHING, true)).isEqualTo(Why.EXPIRED);
        assertThat(access(live, fewerRoles, true)).isEqualTo(Why.ROLES_CHANGED);
        assertThat(access(live, denied, true)).isEqualTo(Why.USER_DENIED);
        assertThat(access(session(State.EXPIRED, Optional.empty()), denied, true))
                .isEqualTo(Why.SESSION_EXPIRED);
        assertThat(access(session(State.LAPSED, Optional.empty()), NOTHING, false))
                .isEqualTo(Why.ACCEPTED);
    }

    @Test
    void accessWhenItsGenerationIsRefusedFromAnInstantOnThenSupersededFromThen() {
        long now = NOW.toEpochMilli();
        DenylistEntry soon = new DenylistEntry(1, 3, now + 1, now + 1000);
        DenylistEntry already = new DenylistEntry(1, 3, now, now + 1000);
        assertThat(access(session(State.ACTIVE, Optional.of(soon)), NOTHING, false))
                .isEqualTo(Why.ACCEPTED);
        assertThat(access(session(State.ACTIVE, Optional.of(already)), NOTHING, false))
                .isEqualTo(Why.SUPERSEDED);
    }

    @Test
    void accessWhenTokensWereMadeToLiveShorterThenTooOldFromThatAgeOn() {
        SessionState live = session(State.ACTIVE, Optional.empty());
        AccessClaims token = token();
        Duration age = Duration.between(token.issuedAt(), NOW);
        Verdict older = Verdict.ofAccess(token, false, live, NOTHING, LIFE, age.minusSeconds(20), NOW);
        assertThat(older.why()).isEqualTo(Why.TOO_OLD);
        assertThat(older.since()).contains(NOW.minusSeconds(20));
        assertThat(older.isDenied()).isTrue();
        assertThat(Verdict.ofAccess(token, false, live, NOTHING, LIFE, age, NOW).why())
                .isEqualTo(Why.TOO_OLD);
        assertThat(Verdict.ofAccess(token, false, live, NOTHING, LIFE, age.plusMillis(1), NOW)
                        .why())
                .isEqualTo(Why.ACCEPTED);
        assertThat(Verdict.ofAccess(token, true, live, NOTHING, LIFE, age, NOW).why())
                .as("its own time is over, too")
                .isEqualTo(Why.EXPIRED);
    }

    @Test
    void userWhenTheDirectoryRefusesThenItsReason() {
        UserRecord gone = new UserRecord(2, NOW, "", "user-gone", Roles.NONE, false);
        Verdict verdict = Verdict.ofUser(user(Optional.of(NOW), Optional.empty(), Optional.of(gone)), LIFE);
        assertThat(verdict.why()).isEqualTo(Why.USER_REFUSED);
        assertThat(verdict.detail()).contains("user-gone");
        Verdict denied = Verdict.ofUser(user(Optional.of(NOW), Optional.empty(), Optional.empty()), LIFE);
        assertThat(denied.until()).contains(NOW.plus(LIFE));
    }
}
