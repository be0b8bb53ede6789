package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ACCESS;
import static dev.latchkey.gateway.session.ScriptRig.DENIED;
import static dev.latchkey.gateway.session.ScriptRig.ENTRY;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.SESSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.token.SessionId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the session scripts write into the denylist, publish, and clean up. */
final class DenialTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final String NONE = "2147483647";

    @Test
    void floorsWhenRotatedAgainAndAgainThenNeverLower() {
        long floor = 0;
        long later = 0;
        for (int generation = 1; generation <= 8; generation++) {
            RIG.pass(GRACE);
            RIG.row(generation, "b" + generation);
            assertThat(part(0)).isGreaterThanOrEqualTo(floor).isEqualTo(generation);
            assertThat(part(1)).isGreaterThanOrEqualTo(later).isEqualTo(generation + 1L);
            floor = part(0);
            later = part(1);
        }
    }

    @Test
    void floorsWhenTheClockGoesBackThenWhatWasDeniedStaysDenied() {
        RIG.pass(GRACE);
        RIG.row(1, "1");
        RIG.pass(GRACE);
        RIG.row(2, "2");
        assertThat(RIG.denies(1)).isTrue();
        long ends = part(3);
        RIG.pass(-GRACE);
        assertThat(RIG.row(3, "3")).as("no rotation ahead of time").isEqualTo("REPLAYED+access of 3");
        assertThat(RIG.denies(1)).isTrue();
        RIG.revoke("signed-out");
        assertThat(part(3)).as("its end").isEqualTo(ends);
    }

    @Test
    void floorsWhenAFailoverTakesGenerationsBackThenTheEntryStays() {
        RIG.pass(GRACE);
        RIG.row(1, "1");
        var before = RIG.record();
        RIG.pass(GRACE);
        RIG.row(2, "2");
        RIG.pass(GRACE);
        RIG.row(3, "3");
        RIG.failover(before);
        RIG.row(2, "2x");
        assertThat(part(0)).isEqualTo(3);
        assertThat(part(1)).isEqualTo(4);
    }

    @Test
    void floorsWhenRevokedThenNoneIsAcceptedEver() {
        RIG.pass(GRACE);
        RIG.row(1, "1");
        RIG.revoke("signed-out");
        String entry = RIG.redis().hget(DENIED, SESSION.value());
        assertThat(entry).startsWith(NONE + "," + NONE + ",").endsWith("," + (RIG.now() + ENTRY));
        RIG.revoke("signed-out");
        assertThat(RIG.redis().hget(DENIED, SESSION.value())).as("sent twice").isEqualTo(entry);
    }

    @Test
    void entryWhenWrittenAgainThenItsEndMovesOnAndTheHashLivesAsLong() {
        RIG.pass(GRACE);
        RIG.row(1, "1");
        assertThat(part(3)).isEqualTo(RIG.now() + ENTRY);
        assertThat(RIG.redis().pttl(DENIED)).isBetween(ENTRY - 5_000, ENTRY);
        RIG.redis().pexpire(DENIED, ENTRY - 20_000);
        RIG.pass(GRACE);
        RIG.row(2, "2");
        assertThat(part(3)).isEqualTo(RIG.now() + ENTRY);
        assertThat(RIG.redis().pttl(DENIED)).isBetween(ENTRY - 5_000, ENTRY);
    }

    @Test
    void entriesWhenEndedThenEvictedInSmallBatchesByEachWriter() {
        Random random = new Random(7);
        int old = 300;
        for (int i = 0; i < old; i++) {
            RIG.revoke(sameShard(random), "signed-out");
        }
        assertThat(RIG.redis().hlen(DENIED)).isEqualTo(old);
        RIG.pass(ENTRY);
        RIG.revoke("signed-out");
        assertThat(RIG.redis().hlen(DENIED)).as("one batch").isBetween(old - 8L, old - 6L);
        for (int i = 0; i < old; i++) {
            RIG.revoke(SESSION, "signed-out");
        }
        assertThat(RIG.redis().hlen(DENIED)).isLessThan(30);
        assertThat(RIG.denies(1)).isTrue();
    }

    @Test
    void entriesWhenNotEndedThenKept() {
        Random random = new Random(8);
        for (int i = 0; i < 50; i++) {
            RIG.revoke(sameShard(random), "signed-out");
        }
        RIG.pass(ENTRY - 1);
        RIG.revoke("signed-out");
        assertThat(RIG.redis().hlen(DENIED)).isEqualTo(51);
    }

    @Test
    void changeWhenWrittenThenPublishedAsItStandsInTheHash() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (RedisClient client = RedisClient.create(RIG.server().uri());
                StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub()) {
            connection.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    heard.add(message);
                }
            });
            connection.sync().subscribe(DenylistKeys.CHANNEL);
            RIG.pass(GRACE);
            RIG.row(1, "1");
            String first = published();
            RIG.row(1, "1");
            RIG.row(1, "other");
            RIG.pass(2 * GRACE);
            RIG.row(1, "other");
            String second = published();
            await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() >= 2);
            assertThat(heard).containsExactly(first, second);
        }
    }

    @Test
    void entryWhenNoAccessTokenIsAliveThenNotWritten() {
        RIG.pass(ACCESS);
        RIG.row(1, "1");
        assertThat(RIG.redis().exists(DENIED)).isZero();
    }

    private static String published() {
        return SESSION.value() + "," + RIG.redis().hget(DENIED, SESSION.value());
    }

    private static long part(int part) {
        return Long.parseLong(RIG.redis().hget(DENIED, SESSION.value()).split(",", -1)[part]);
    }

    private static SessionId sameShard(Random random) {
        return ScriptRig.inShardOf(SESSION, random);
    }
}
