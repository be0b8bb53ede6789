package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Fleet;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import dev.latchkey.gateway.token.SessionId;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A failover to a replica that was cut off loses revocations that Redis had acknowledged. The nodes that heard of them
 * refuse on, and write back what Redis has lost.
 */
final class LostRevocationIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void revocationsWhenAFailoverLosesThemThenStandAndAreWrittenBack() {
        try (ReplicatedRedis redis = ReplicatedRedis.watched();
                Fleet fleet = Fleet.start(2, properties(redis))) {
            Browser stays = fleet.signedIn("bob");
            Browser leaves = fleet.signedIn("ada");
            Browser leavesEverywhere = fleet.signedIn("root");
            List<Browser> copies = List.of(leaves.copy(), leavesEverywhere.copy());
            redis.awaitInSync();
            redis.cutOff();
            assertThat(leaves.post("/auth/sign-out").statusCode()).isEqualTo(204);
            assertThat(leavesEverywhere.post("/auth/sign-out?everywhere=true").statusCode())
                    .isEqualTo(204);
            copies.forEach(copy -> awaitRefused(fleet, copy));
            redis.first().kill();
            redis.awaitPrimary(redis.second());
            await().atMost(LIMIT).until(() -> {
                copies.forEach(copy -> assertKeptOut(fleet, copy));
                return isServed(fleet, stays) && isWrittenBack(redis.second(), copies);
            });
            fleet.expireAccessTokens();
            assertThat(isServed(fleet, stays)).isTrue();
            copies.forEach(copy -> awaitRefused(fleet, copy));
        }
    }

    private static Map<String, Object> properties(ReplicatedRedis redis) {
        Map<String, Object> properties = new HashMap<>(redis.sentinelProperties());
        properties.put("latchkey.denylist.read-interval", "1s");
        return properties;
    }

    private static void awaitRefused(Fleet fleet, Browser copy) {
        for (int node = 0; node < 2; node++) {
            copy.at(fleet.node(node).url()).awaitRefused();
        }
    }

    /** A node may not know, and say so; it may not let the user in. */
    private static void assertKeptOut(Fleet fleet, Browser copy) {
        for (int node = 0; node < 2; node++) {
            HttpResponse<String> answer = copy.at(fleet.node(node).url()).get("/api/x");
            assertThat(answer.statusCode()).isIn(401, 503);
            assertThat(Browser.cookiesOf(answer)).isEmpty();
        }
    }

    private static boolean isServed(Fleet fleet, Browser browser) {
        return fleet.get(browser, 0, "/api/x").statusCode() == 200
                && fleet.get(browser, 1, "/api/x").statusCode() == 200;
    }

    private static boolean isWrittenBack(RedisProcess primary, List<Browser> copies) {
        SessionId left = new SessionId(copies.get(0).session());
        String entry = primary.say("HGET " + DenylistKeys.denied(Shard.of(left)) + " " + left.value());
        String tombstone = primary.say("HGET " + DenylistKeys.ended(Shard.of(left)) + " " + left.value());
        String instant = primary.say("HGET " + DenylistKeys.DENIED_USERS + " root");
        return entry.contains(",") && tombstone.startsWith("restored,") && !instant.startsWith("-");
    }
}
