package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** The audit log gets to know of the end of a session, by whomever it was asked for. */
final class SessionRevokerTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Subject ADA = new Subject("ada");

    private static SessionRoom room;
    private static SessionRevoker revoker;

    @BeforeAll
    static void open() {
        room = SessionRoom.open(REDIS, Map.of());
        revoker = room.revoker();
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @BeforeEach
    void forget() {
        room.audit().clear();
    }

    @Test
    void revokeWhenTheSessionEndsThenALineSaysWhy() {
        SessionView session = create();
        end(revoker.revoke(ADA, session.id(), RevocationReason.SIGNED_OUT));
        assertThat(room.audit()).containsExactly(ended(session, RevocationReason.SIGNED_OUT));
    }

    @Test
    void revokeWhenItHadEndedForAnotherReasonThenNoLineSaysOtherwise() {
        SessionView session = create();
        end(revoker.revoke(ADA, session.id(), RevocationReason.SIGNED_OUT));
        end(revoker.revoke(ADA, session.id(), RevocationReason.ENDED_BY_OPERATOR));
        assertThat(room.audit()).containsExactly(ended(session, RevocationReason.SIGNED_OUT));
    }

    /** As after a call whose answer was lost, which left no line. */
    @Test
    void revokeWhenItHadEndedWithoutALineThenAskedAgainLeavesOne() {
        SessionView session = create();
        end(revoker.revoke(Optional.empty(), session.id(), RevocationReason.UPSTREAM));
        assertThat(room.audit()).as("nobody knows whose it was").isEmpty();
        end(revoker.revoke(ADA, session.id(), RevocationReason.UPSTREAM));
        assertThat(room.audit()).containsExactly(ended(session, RevocationReason.UPSTREAM));
    }

    @Test
    void endAndSignOutWhenTheSessionEndsThenOneLineEach() {
        SessionView rotated = create();
        end(revoker.end(SessionRoom.claims(rotated, 1), RevocationReason.USER_GONE));
        end(revoker.end(SessionRoom.claims(rotated, 1), RevocationReason.USER_GONE));
        SessionView signedOut = create();
        end(revoker.signOut(SessionRoom.claims(signedOut, 1), RevocationReason.SIGNED_OUT));
        end(revoker.signOut(SessionRoom.claims(signedOut, 1), RevocationReason.SIGNED_OUT));
        assertThat(room.audit())
                .containsExactly(
                        ended(rotated, RevocationReason.USER_GONE), ended(signedOut, RevocationReason.SIGNED_OUT));
    }

    /** A browser goes on to send them. */
    @Test
    void endWhenTheSessionHasEndedThenNothingIsWrittenOrPublished() {
        SessionView session = create();
        end(revoker.end(SessionRoom.claims(session, 1), RevocationReason.SIGNED_OUT_EVERYWHERE));
        REDIS.tell("CONFIG RESETSTAT");
        end(revoker.end(SessionRoom.claims(session, 1), RevocationReason.SIGNED_OUT_EVERYWHERE));
        assertThat(REDIS.info("commandstats", "cmdstat_hset")).isEmpty();
    }

    /** The script has been sent by then. */
    @Test
    void signOutAndRevokeWhenTheClientLeavesThenTheLogAndThisNodeLearnOfItAllTheSame() {
        SessionView signedOut = create();
        revoker.signOut(SessionRoom.claims(signedOut, 1), RevocationReason.SIGNED_OUT)
                .subscribe()
                .dispose();
        SessionView revoked = create();
        revoker.revoke(ADA, revoked.id(), RevocationReason.ENDED_BY_OWNER)
                .subscribe()
                .dispose();
        await().atMost(LIMIT).until(() -> room.audit().size() == 2);
        assertThat(room.audit())
                .containsExactlyInAnyOrder(
                        ended(signedOut, RevocationReason.SIGNED_OUT), ended(revoked, RevocationReason.ENDED_BY_OWNER));
    }

    @Test
    void revokeAllWhenEachSessionEndsThenTheLineOfTheUserIsTheCallers() {
        create();
        create();
        end(revoker.revokeAll(ADA, RevocationReason.SIGNED_OUT_EVERYWHERE));
        assertThat(room.audit()).isEmpty();
    }

    @Test
    void rotateWhenTheRecordCannotBeReadThenALineSaysSo() {
        SessionView session = create();
        REDIS.say("HSET " + SessionKeys.record(session.id()) + " gen junk");
        assertThat(Objects.requireNonNull(room.store()
                                .rotate(SessionRoom.claims(session, 1))
                                .block(LIMIT))
                        .fold(granted -> null, RotateOutcome.Refused::row, () -> null))
                .isEqualTo(RefusedRow.UNREADABLE);
        assertThat(room.audit()).containsExactly(ended(session, RevocationReason.UNREADABLE));
    }

    /** The user wanted to sign out, but could not prove that it was theirs, and it is not that which ended it. */
    @Test
    void signOutWhenTheRecordCannotBeReadThenTheLineSaysWhatRedisKeeps() {
        SessionView session = create();
        REDIS.say("HSET " + SessionKeys.record(session.id()) + " gen junk");
        assertThat(revoker.signOut(SessionRoom.claims(session, 1), RevocationReason.SIGNED_OUT)
                        .block(LIMIT))
                .isEqualTo(new SignOutOutcome.Ended());
        assertThat(room.audit()).containsExactly(ended(session, RevocationReason.UNREADABLE));
        assertThat(REDIS.say("HGET " + DenylistKeys.ended(Shard.of(session.id())) + " "
                        + session.id().value()))
                .startsWith("unreadable,");
    }

    private static AuditEvent ended(SessionView session, RevocationReason reason) {
        return AuditEvent.sessionRevoked(ADA, session.id().publicId(), reason.word());
    }

    private static void end(Mono<?> call) {
        assertThat((Object) call.block(LIMIT)).isNotNull();
    }

    private static SessionView create() {
        NewSession session = new NewSession(ADA, "stamp", new ClientFacts("Firefox on Linux", "10.0.0.1"));
        return Objects.requireNonNull(room.store().create(session).block(LIMIT)).fold(view -> view, () -> {
            throw new AssertionError("Redis is there");
        });
    }
}
