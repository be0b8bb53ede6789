package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.redis.DriverThreads;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisServers;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisResult;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RotateOutcome;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.session.UserSessionIndex;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * What follows an answer of Redis, or a message, runs on no thread of the driver; with a replica, to wait for it, too.
 */
final class DriverThreadsTests {

    @RegisterExtension
    static final ReplicatedRedis REDIS = ReplicatedRedis.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String KEY = "latchkey:test";

    private final Queue<String> threads = new ConcurrentLinkedQueue<>();
    private SessionRoom node;

    @BeforeEach
    void open() {
        node = SessionRoom.open(REDIS.properties());
        await().atMost(LIMIT)
                .until(() -> node.bean(LocalDenylist.class).freshness().isFresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void answerWhenItComesThenWhatFollowsLeavesTheDriver() {
        RedisClient redis = node.bean(RedisClient.class);
        awaited(redis.put(KEY, "field", "value", LIMIT));
        awaited(redis.field(KEY, "field"));
        awaited(redis.field(KEY, "none"));
        awaited(redis.size(KEY));
        awaited(redis.entries(KEY));
        awaited(redis.scan(KEY));
        awaited(redis.remove(KEY, List.of("field")));
        awaited(redis.masters());
        awaited(node.bean(Heartbeat.class).send());
        awaited(node.bean(RedisServers.class).look());
        awaited(node.bean(RedisDenylist.class).checkUser(new Subject("ada"), Instant.EPOCH));
        assertLeft();
    }

    @Test
    void outcomeWhenItIsKnownThenTokensAreNotSignedOnTheDriver() {
        SessionView session = create();
        awaited(node.store().commit(session.id(), session.generation(), true));
        awaited(node.store().confirm(session.id(), session.generation()));
        awaited(node.bean(UserSessionIndex.class).list(session.subject()));
        RotateOutcome outcome = awaited(node.store().rotate(claims(session))).get(0);
        assertThat(outcome).isInstanceOf(RotateOutcome.Granted.class);
        awaited(node.revoker().revoke(session.subject(), session.id(), RevocationReason.SIGNED_OUT));
        awaited(node.revoker().revokeAll(session.subject(), RevocationReason.SIGNED_OUT_EVERYWHERE));
        assertLeft();
    }

    @Test
    void messageWhenHeardThenConnectionsAreNotEndedOnTheDriver() {
        try (SessionRoom other = SessionRoom.open(REDIS.properties())) {
            await().atMost(LIMIT)
                    .until(() -> other.bean(LocalDenylist.class).freshness().isFresh());
            Queue<String> heard = other.revocationThreads();
            heard.clear();
            SessionView session = create();
            node.revoker()
                    .revoke(session.subject(), session.id(), RevocationReason.SIGNED_OUT)
                    .block(LIMIT);
            node.bean(Denylist.class).denyUser(session.subject()).block(LIMIT);
            await().atMost(LIMIT).until(() -> heard.size() == 2);
            threads.addAll(heard);
            assertLeft();
        }
    }

    @Test
    void handoverWhenSomethingFailsThenReportedAndTheRestFollowsInOrder() {
        List<Integer> done = new ArrayList<>();
        Queue<String> lost = new ConcurrentLinkedQueue<>();
        DriverThreads.Handover handover = new DriverThreads.Handover(() -> lost.add("lost"));
        CountDownLatch end = new CountDownLatch(1);
        handover.hand(() -> {
            throw new AssertionError("broken");
        });
        IntStream.range(0, 1000).forEach(number -> handover.hand(() -> done.add(number)));
        handover.hand(end::countDown);
        await().atMost(LIMIT).until(() -> end.getCount() == 0);
        assertThat(done)
                .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        assertThat(lost).hasSize(1);
    }

    @Test
    void handoverWhenNobodyTakesThenBounded() {
        CountDownLatch release = new CountDownLatch(1);
        Queue<String> lost = new ConcurrentLinkedQueue<>();
        DriverThreads.Handover handover = new DriverThreads.Handover(() -> lost.add("lost"));
        handover.hand(() -> await().atMost(LIMIT).until(() -> release.getCount() == 0));
        IntStream.range(0, DriverThreads.Handover.MOST).forEach(number -> handover.hand(() -> {}));
        release.countDown();
        assertThat(lost).hasSize(1);
    }

    private SessionView create() {
        NewSession ada = new NewSession(new Subject("ada"), "stamp", new ClientFacts("agent", "::1"));
        RedisResult<SessionView> outcome = awaited(node.store().create(ada)).get(0);
        return outcome.fold(view -> view, () -> {
            throw new AssertionError("Redis is there");
        });
    }

    private static RefreshClaims claims(SessionView session) {
        Instant now = Instant.now();
        return TestClaims.refresh(
                session.subject(),
                session.id(),
                session.generation(),
                new TokenId("0123456789abcdef"),
                now,
                now.plusSeconds(60),
                session.created());
    }

    /** All that comes; the threads on which it and the end came are noted. */
    private <T> List<T> awaited(Publisher<T> call) {
        return Objects.requireNonNull(Flux.from(call)
                .doOnNext(answer -> note())
                .doOnTerminate(this::note)
                .collectList()
                .block(LIMIT));
    }

    private void note() {
        threads.add(Thread.currentThread().getName());
    }

    private void assertLeft() {
        assertThat(threads).isNotEmpty().allSatisfy(name -> assertThat(name).doesNotContain("lettuce"));
    }
}
