package dev.latchkey.gateway.signin.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.users.MongoFixture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which node asks a store of users for changes. */
final class StoreWatchIT {

    private static final MongoFixture STORE = MongoFixture.start();

    @RegisterExtension
    static final World WORLD = new World(properties());

    /** The story's own node does not ask within a story. */
    private static Map<String, Object> properties() {
        STORE.put("ada", Resources.hash("ada"), List.of());
        Map<String, Object> all = new HashMap<>(STORE.properties());
        all.put("latchkey.users.poll-interval", "1m");
        return all;
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    @Test
    void claimWhenItsNodeStopsThenAnotherNeedNotWaitForItsEnd() {
        Gateway node = WORLD.startNode(Map.of("latchkey.users.poll-interval", "5s"));
        try {
            await().atMost(Duration.ofSeconds(30)).until(StoreWatchIT::isClaimed);
        } finally {
            node.close();
        }
        assertThat(isClaimed()).isFalse();
    }

    private static boolean isClaimed() {
        return !WORLD.redis().say("EXISTS latchkey:users-poll").strip().equals("0");
    }
}
