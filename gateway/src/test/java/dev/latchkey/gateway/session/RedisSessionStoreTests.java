package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** The store on a real server: what it makes of answers, and of the user's list of sessions. */
final class RedisSessionStoreTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Subject ADA = new Subject("ada");
    private static final Subject BOB = new Subject("bob");

    private static SessionRoom room;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;
    private static RedisSessionStore store;
    private static SessionRevoker revoker;
    private static Denylist denylist;

    @BeforeAll
    static void open() {
        room = SessionRoom.open(REDIS, Map.of());
        store = room.store();
        revoker = room.revoker();
        denylist = room.bean(Denylist.class);
        client = RedisClient.create(REDIS.uri());
        redis = client.connect().sync();
    }

    @AfterAll
    static void close() {
        client.shutdown();
        room.close();
    }

    @BeforeEach
    void forget() {
        redis.flushall();
    }

    @Test
    void createWhenDoneThenSaysWhatTheRecordSays() {
        Instant before = Instant.now();
        SessionView view = create(ADA);
        assertThat(view.generation()).isEqualTo(Generation.FIRST);
        assertThat(view.credentialStamp()).isEqualTo("stamp");
        assertThat(view.created())
                .isEqualTo(view.now())
                .isBetween(before.minusMillis(2), Instant.now().plusMillis(2));
        assertThat(view.expires()).isEqualTo(view.created().plus(Duration.ofDays(30)));
        Map<String, String> record = redis.hgetall(SessionKeys.record(view.id()));
        assertThat(record)
                .containsEntry("sub", "ada")
                .containsEntry("claims", "{\"stamp\":\"stamp\"}")
                .containsEntry("created", Long.toString(view.created().toEpochMilli()));
        assertThat(redis.pttl(SessionKeys.record(view.id())))
                .isBetween(
                        Duration.ofDays(7).minusMinutes(1).toMillis(),
                        Duration.ofDays(7).toMillis());
    }

    /** Nobody gets to know of it, so nobody could end it. */
    @Test
    void createWhenItCannotBeListedThenItIsEndedAndThatIsSaid() {
        room.audit().clear();
        redis.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.HLEN));
        try {
            assertThat(block(store.create(new NewSession(ADA, "stamp", new ClientFacts("", "")))))
                    .isInstanceOf(RedisResult.Unavailable.class);
        } finally {
            redis.aclSetuser("default", AclSetuserArgs.Builder.allCommands());
        }
        assertThat(redis.keys(SessionKeys.PREFIX + "*")).isEmpty();
        assertThat(room.audit())
                .singleElement()
                .satisfies(event -> assertThat(AuditFacts.of(event, "reason")).isEqualTo("sign-in-failed"));
    }

    @Test
    void createWhenTheClientSaysMuchThenTheRecordStaysCompact() {
        NewSession talkative =
                new NewSession(ADA, "stamp", new ClientFacts("\uD83D\uDE80".repeat(300), "x".repeat(4000)));
        SessionView view = block(store.create(talkative)).fold(created -> created, () -> {
            throw away();
        });
        assertThat(redis.objectEncoding(SessionKeys.record(view.id()))).isIn("ziplist", "listpack");
        assertThat(redis.hget(SessionKeys.record(view.id()), "agent")).matches("(\uD83D\uDE80){10,20}");
    }

    @Test
    void rotateWhenGrantedThenBringsTheSessionAsItIs() {
        SessionView view = create(ADA);
        RotateOutcome outcome = block(store.rotate(SessionRoom.claims(view, 1)));
        RotateOutcome.Granted granted = outcome.fold(
                all -> all,
                refused -> {
                    throw away();
                },
                () -> {
                    throw away();
                });
        assertThat(granted.row()).isEqualTo(RotateOutcome.GrantedRow.REPLAYED);
        assertThat(granted.mintsRefresh()).isFalse();
        assertThat(granted.session().subject()).isEqualTo(ADA);
        assertThat(granted.session().created()).isEqualTo(view.created());
        assertThat(granted.session().expires()).isEqualTo(view.expires());
        assertThat(granted.session().credentialStamp()).isEqualTo("stamp");
        assertThat(granted.session().generation()).isEqualTo(Generation.FIRST);
    }

    @Test
    void rotateWhenTheServerForgotItsScriptsThenTheyAreSentAnew() {
        SessionView view = create(ADA);
        redis.scriptFlush();
        assertThat(row(store.rotate(SessionRoom.claims(view, 1)))).isEqualTo("REPLAYED");
        assertThat(row(store.rotate(SessionRoom.claims(view, 1)))).isEqualTo("REPLAYED");
    }

    @Test
    void rotateWhenThereIsNoRecordThenUnknown() {
        SessionView view = create(ADA);
        redis.del(SessionKeys.record(view.id()));
        assertThat(row(store.rotate(SessionRoom.claims(view, 1)))).isEqualTo("UNKNOWN");
    }

    @Test
    void isCurrentWhenReadThenAsTheRecordSays() {
        SessionView view = create(ADA);
        SessionId unknown = SessionId.random(new SecureRandom());
        assertThat(current(view.id(), Generation.FIRST)).isEqualTo("current");
        assertThat(current(view.id(), new Generation(2))).isEqualTo("current");
        assertThat(current(unknown, Generation.FIRST)).isEqualTo("over");
        redis.hset(SessionKeys.record(view.id()), Map.of("gen", "2", "2", "2,0,0,,"));
        assertThat(current(view.id(), Generation.FIRST)).isEqualTo("over");
        assertThat(current(view.id(), new Generation(2))).isEqualTo("current");
        redis.hset(SessionKeys.record(view.id()), "expires", "1");
        assertThat(current(view.id(), new Generation(2))).isEqualTo("over");
        redis.hset(SessionKeys.record(view.id()), "expires", "99999999999999");
        block(revoker.revoke(ADA, view.id(), RevocationReason.SIGNED_OUT));
        assertThat(current(view.id(), new Generation(2))).isEqualTo("over");
    }

    private static String current(SessionId session, Generation generation) {
        return block(store.isCurrent(session, generation)).name().toLowerCase(Locale.ROOT);
    }

    @Test
    void commitAndConfirmWhenCalledThenTheScriptsDecide() {
        SessionView view = create(ADA);
        assertThat(block(store.commit(view.id(), Generation.FIRST, true))).isEqualTo(CommitOutcome.SET);
        block(store.confirm(view.id(), Generation.FIRST).thenReturn(true));
        assertThat(redis.hget(SessionKeys.record(view.id()), "1")).matches("1,\\d+,\\d+,\\d+,");
        assertThat(revoked(revoker.revoke(ADA, view.id(), RevocationReason.SIGNED_OUT)))
                .isEqualTo("revoked");
        assertThat(block(store.commit(view.id(), Generation.FIRST, true))).isEqualTo(CommitOutcome.SET_NOTHING);
        assertThat(row(store.rotate(SessionRoom.claims(view, 1)))).isEqualTo("REVOKED");
        assertThat(check(view)).isEqualTo("denied");
    }

    @Test
    void listWhenSomeEndedThenTheLiveOnesNewestFirstAndTheListIsRepaired() {
        SessionView first = create(ADA);
        SessionView second = create(ADA);
        SessionView third = create(ADA);
        create(BOB);
        setCreated(first, 3_000);
        setCreated(second, 2_000);
        setCreated(third, 1_000);
        block(revoker.revoke(ADA, second.id(), RevocationReason.SIGNED_OUT));
        assertThat(list(ADA))
                .extracting(SessionSummary::id)
                .containsExactly(third.id().publicId(), first.id().publicId());
        assertThat(list(ADA))
                .extracting(session -> session.client().userAgent())
                .containsOnly("Firefox on Linux");
        assertThat(redis.hkeys(SessionKeys.ofUser(ADA)))
                .containsExactlyInAnyOrder(
                        first.id().publicId().value(),
                        third.id().publicId().value(),
                        "~" + second.id().publicId().value());
        redis.del(SessionKeys.record(first.id()));
        assertThat(list(ADA)).hasSize(1);
        assertThat(redis.hkeys(SessionKeys.ofUser(ADA)))
                .filteredOn(field -> !field.startsWith("~"))
                .hasSize(1);
    }

    @Test
    void createWhenAHundredLiveThenTheOldestEnds() {
        SessionView oldest = create(ADA);
        setCreated(oldest, 60_000);
        for (int i = 0; i < 99; i++) {
            create(ADA);
        }
        assertThat(redis.hget(SessionKeys.record(oldest.id()), "state"))
                .as("the hundredth fits")
                .isEqualTo("active");
        create(ADA);
        assertThat(row(store.rotate(SessionRoom.claims(oldest, 1)))).isEqualTo("REVOKED");
        assertThat(redis.hget(
                        DenylistKeys.ended(Shard.of(oldest.id())), oldest.id().value()))
                .startsWith("too-many,");
        assertThat(redis.hlen(SessionKeys.ofUser(ADA))).isEqualTo(100 + 1);
        assertThat(list(ADA)).hasSize(100);
    }

    /** Else nobody could see it any more, although it lives. */
    @Test
    void createWhenTheOldestOfAHundredCannotBeEndedThenItStaysListed() {
        for (int i = 0; i < 100; i++) {
            create(ADA);
        }
        redis.aclSetuser(
                "default",
                AclSetuserArgs.Builder.resetKeys()
                        .keyPattern(SessionKeys.PREFIX + "*")
                        .keyPattern("latchkey:sessions:*")
                        .keyPattern("latchkey:ended:*")
                        .keyPattern("latchkey:ids:*"));
        try {
            create(ADA);
        } finally {
            redis.aclSetuser("default", AclSetuserArgs.Builder.allKeys());
        }
        assertThat(redis.keys(SessionKeys.PREFIX + "*")).hasSize(101);
        assertThat(list(ADA)).hasSize(101);
        create(ADA);
        assertThat(list(ADA)).as("both are ended by the next one").hasSize(100);
    }

    /** Sessions from before keep their own end, and are to be seen and ended until then. */
    @Test
    void createWhenSessionsWereMadeToLiveShorterThenTheListLastsAsLongAsThoseFromBefore() {
        create(ADA);
        Map<String, Object> shorter =
                Map.of("latchkey.session.idle-timeout", "1h", "latchkey.session.absolute-timeout", "1h");
        try (SessionRoom after = SessionRoom.open(REDIS, shorter)) {
            block(after.store().create(new NewSession(ADA, "stamp", new ClientFacts("", ""))));
        }
        assertThat(redis.pttl(SessionKeys.ofUser(ADA)))
                .isGreaterThan(Duration.ofDays(29).toMillis());
    }

    /** In a cluster each master has its own clock, and one that took the place of another has, too. */
    @Test
    void createWhenTheUserWasDeniedByAClockThatIsAheadThenTheNewSessionIsNotRefused() {
        Subject eve = new Subject("eve");
        Instant ahead = Instant.now().plusSeconds(5).truncatedTo(ChronoUnit.MILLIS);
        block(denylist.denyUser(eve, ahead).thenReturn(true));
        SessionView view = create(eve);
        assertThat(check(view)).isEqualTo("accepted");
        assertThat(checkUser(eve, view.created())).isEqualTo("accepted");
        assertThat(view.created()).isEqualTo(ahead);
        assertThat(row(store.rotate(SessionRoom.claims(view, 1)))).isEqualTo("REPLAYED");
        assertThat(list(eve)).hasSize(1);
        block(denylist.denyUser(eve, ahead.plusSeconds(60)).thenReturn(true));
        assertThat(create(eve).created()).as("that is no clock").isBefore(ahead.plusSeconds(30));
    }

    @Test
    void createWhenTheListIsFullOfDeadOnesThenNobodyEnds() {
        SessionView live = create(ADA);
        for (int i = 0; i < 120; i++) {
            SessionId dead = SessionId.random(new SecureRandom());
            redis.hset(SessionKeys.ofUser(ADA), dead.publicId().value(), dead.value());
        }
        create(ADA);
        assertThat(row(store.rotate(SessionRoom.claims(live, 1)))).isEqualTo("REPLAYED");
        assertThat(redis.hlen(SessionKeys.ofUser(ADA))).isEqualTo(2 + 20);
    }

    @Test
    void revokeOwnWhenItIsTheirsThenEndedAndElseNotFound() {
        SessionView his = create(ADA);
        SessionView hers = create(BOB);
        PublicSessionId id = his.id().publicId();
        assertThat(revoked(revoker.revokeOwn(BOB, id, RevocationReason.ENDED_BY_OWNER)))
                .isEqualTo("not_found");
        assertThat(row(store.rotate(SessionRoom.claims(his, 1)))).isEqualTo("REPLAYED");
        assertThat(revoked(revoker.revokeOwn(ADA, id, RevocationReason.ENDED_BY_OWNER)))
                .isEqualTo("revoked");
        assertThat(row(store.rotate(SessionRoom.claims(his, 1)))).isEqualTo("REVOKED");
        assertThat(row(store.rotate(SessionRoom.claims(hers, 1)))).isEqualTo("REPLAYED");
    }

    @Test
    void revokeAllWhenASessionIsNotListedThenItIsRefusedToo() {
        SessionView listed = create(ADA);
        SessionView unlisted = create(ADA);
        SessionView other = create(BOB);
        redis.hdel(SessionKeys.ofUser(ADA), unlisted.id().publicId().value());
        setCreated(other, 5);
        assertThat(revoked(revoker.revokeAll(ADA, RevocationReason.SIGNED_OUT_EVERYWHERE)))
                .isEqualTo("revoked");
        assertThat(row(store.rotate(SessionRoom.claims(listed, 1)))).isEqualTo("REVOKED");
        assertThat(check(listed)).isEqualTo("denied");
        assertThat(checkUser(ADA, unlisted.created().minusMillis(1))).isEqualTo("denied");
        assertThat(checkUser(BOB, other.created())).isEqualTo("accepted");
        assertThat(checkUser(ADA, Instant.now().plusSeconds(1)))
                .as("begun later")
                .isEqualTo("accepted");
    }

    private static SessionView create(Subject subject) {
        NewSession session = new NewSession(subject, "stamp", new ClientFacts("Firefox on Linux", "10.0.0.1"));
        return block(store.create(session)).fold(view -> view, () -> {
            throw away();
        });
    }

    /** As if a session had begun earlier. */
    private static void setCreated(SessionView view, long earlier) {
        long created = view.created().toEpochMilli() - earlier;
        redis.hset(SessionKeys.record(view.id()), "created", Long.toString(created));
    }

    private static List<SessionSummary> list(Subject subject) {
        return block(room.bean(UserSessionIndex.class).list(subject)).fold(sessions -> sessions, () -> {
            throw away();
        });
    }

    private static String check(SessionView view) {
        return answer(denylist.check(view.subject(), view.id(), view.generation(), view.created()));
    }

    private static String checkUser(Subject subject, Instant authTime) {
        return answer(denylist.checkUser(subject, authTime));
    }

    private static String answer(Mono<Denylist.Answer> answer) {
        return block(answer).name().toLowerCase(Locale.ROOT);
    }

    private static String row(Mono<RotateOutcome> outcome) {
        return block(outcome)
                .fold(granted -> granted.row().name(), refused -> refused.row().name(), () -> "unavailable");
    }

    private static String revoked(Mono<RevokeOutcome> outcome) {
        return block(outcome).name().toLowerCase(Locale.ROOT);
    }

    private static <T> T block(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LIMIT));
    }

    private static AssertionError away() {
        return new AssertionError("Redis is there");
    }
}
