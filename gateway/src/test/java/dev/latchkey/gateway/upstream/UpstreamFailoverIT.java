package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import dev.latchkey.gateway.token.SessionId;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Redis fails over, or moves the session, between the claim and the answer of the provider. What the replica has is
 * enough: the token is sent once, the answer is stored where the session is now, and nobody is refused.
 */
@Timeout(240)
final class UpstreamFailoverIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String REFRESH = "refresh_token";

    private final StrictProvider provider = new StrictProvider();
    private final StrictProviderClient client = new StrictProviderClient(provider);

    /** A lease that outlives each failover, however busy the machine is. */
    @BeforeEach
    void lease() {
        client.timing(
                new Timing(Duration.ofSeconds(8), Duration.ofMinutes(2), Duration.ofSeconds(5), Duration.ofHours(1)));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void refreshWhenThePrimaryDiesThenTheAnswerIsStoredAtItsReplica() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched()) {
            assertStoredOnce(redis.sentinelProperties(), session -> redis.first(), session -> {
                redis.first().kill();
                redis.awaitPrimary(redis.second());
                return redis.second();
            });
        }
    }

    @Test
    void refreshWhenTheMasterOfItsSlotDiesThenTheAnswerIsStoredAtItsReplica() {
        try (ClusteredRedis redis = ClusteredRedis.replicated()) {
            assertStoredOnce(redis.properties(), session -> redis.master(key(session)), session -> {
                redis.master(key(session)).kill();
                redis.awaitMaster(redis.replica(key(session)));
                return redis.replica(key(session));
            });
        }
    }

    @Test
    void refreshWhenItsSlotMovesThenTheAnswerIsStoredWhereItIs() {
        try (ClusteredRedis redis = ClusteredRedis.start()) {
            assertStoredOnce(
                    redis.properties(),
                    session -> redis.master(key(session)),
                    session -> redis.move(key(session)).finish());
        }
    }

    private static String key(SessionId session) {
        return SessionKeys.upstream(session);
    }

    /**
     * @param at which server has a session
     * @param disturbed what happens while the provider is at work; the server that has the session afterwards
     */
    private void assertStoredOnce(
            Map<String, Object> redis,
            Function<SessionId, RedisProcess> at,
            Function<SessionId, RedisProcess> disturbed) {
        try (UpstreamNode first = UpstreamNode.open(redis, client);
                UpstreamNode second = UpstreamNode.open(redis, client)) {
            Granted granted = client.signIn("ada", Map.of());
            SessionView view = ProviderSession.created(first, granted);
            assertThat(ProviderSession.begun(first, view, granted)).isEqualTo(Upstreams.BeginOutcome.BEGUN);
            provider.next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(6)));
            on(at.apply(view.id()), view, session -> {
                session.becomeDue();
                assertThat(session.rotated(first)).isEqualTo("ROTATED");
                await(() -> assertThat(provider.tokenRequests(REFRESH)).isEqualTo(1));
                assertThat(session.held("open")).isEqualTo("1");
            });
            on(disturbed.apply(view.id()), view, session -> {
                await(() -> assertThat(session.number()).isEqualTo(2));
                assertThat(provider.tokenRequests(REFRESH)).isEqualTo(1);
                assertNextRefreshWorks(second, session);
                assertThat(session.ended()).isEmpty();
                assertThat(session.recorded("lapsed")).isNull();
            });
        }
    }

    private void on(RedisProcess server, SessionView view, Consumer<ProviderSession> story) {
        RedisClient connection = RedisClient.create(server.uri());
        try {
            story.accept(ProviderSession.of(view, connection.connect().sync()));
        } finally {
            connection.shutdown();
        }
    }

    /** Until Redis is whole again a claim may not be acknowledged; then nothing is sent. */
    private void assertNextRefreshWorks(UpstreamNode node, ProviderSession session) {
        await(() -> {
            session.waitNoMore();
            session.becomeDue();
            node.upstreams().due(session.view());
            assertThat(session.number()).isGreaterThan(2);
        });
        await(() -> assertThat(provider.tokenRequests(REFRESH)).isEqualTo(session.number() - 1));
        assertThat(provider.reused()).isZero();
    }

    private static void await(ThrowingRunnable condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(condition);
    }
}
