package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.users.PostgresFixture;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users in a real PostgreSQL. */
final class PostgresStoreIT extends UserStoreStories {

    private static final PostgresFixture STORE = PostgresFixture.start();

    @RegisterExtension
    static final World WORLD = new World(properties(STORE));

    private static final Duration LIMIT = Duration.ofSeconds(30);

    PostgresStoreIT() {
        super(WORLD, STORE);
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    @Test
    void hashWhenOutdatedThenReplacedAtSignInAndSessionsGoOnUntilAnotherProgramChangesIt() {
        // The world's own sign-in has replaced the hash already.
        STORE.rehash("ada", Resources.hash("ada"));
        Browser before = WORLD.browser();
        assertThat(before.signIn("ada", "ada").statusCode()).isEqualTo(200);
        // A change in the same instant would end no session.
        WORLD.clock().advance(Duration.ofSeconds(1));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(STORE.hash("ada")).startsWith("{bcrypt}$2a$10$"));
        Browser after = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        assertThat(before.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(after.get("/api/x").statusCode()).isEqualTo(200);

        STORE.rehash("ada", Resources.hash("another"));
        WORLD.clock().advance(Duration.ofSeconds(1));
        await().atMost(LIMIT).until(() -> before.get("/api/x").statusCode() == 401);
        assertThat(after.get("/api/x").statusCode()).isEqualTo(401);
    }
}
