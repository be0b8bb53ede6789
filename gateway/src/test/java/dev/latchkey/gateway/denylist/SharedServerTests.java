package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gateways of two installations that each have a database of one Redis: its channels are heard in all of them. */
final class SharedServerTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Subject ADA = new Subject("ada");
    private static final Subject BOB = new Subject("bob");

    @Test
    void denyUserWhenItIsOfAnotherDatabaseThenTheUserOfThatNameGoesOn() {
        try (SessionRoom other = room(0);
                SessionRoom teller = room(3);
                SessionRoom listener = room(3)) {
            other.bean(Denylist.class).denyUser(ADA).block(LIMIT);
            teller.bean(Denylist.class).denyUser(BOB).block(LIMIT);
            await().atMost(LIMIT).until(() -> knows(listener, BOB));
            assertThat(knows(listener, ADA)).isFalse();
            assertThat(knows(other, BOB)).isFalse();
        }
    }

    private static boolean knows(SessionRoom node, Subject user) {
        return node.bean(LocalDenylist.class).knowsUser(user, Instant.EPOCH);
    }

    /** What is not published to it, it learns an hour later. */
    private static SessionRoom room(int database) {
        SessionRoom room = SessionRoom.open(
                REDIS, Map.of("spring.data.redis.database", database, "latchkey.denylist.read-interval", "1h"));
        await().atMost(LIMIT)
                .until(() -> room.bean(LocalDenylist.class).freshness().isFresh());
        return room;
    }
}
