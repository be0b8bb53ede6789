package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators have made access tokens live shorter, and those from before are still there. */
final class ShorterTokensIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    /** What an entry of the denylist lives beyond the access tokens of now. */
    private static final Duration ENTRY = World.ACCESS.plusSeconds(61);

    @Test
    void tokenWhenRevokedThenRefusedAlsoWhenItWouldOutliveItsEntry() {
        Browser browser;
        try (Gateway before = WORLD.startFreshNode(Map.of("latchkey.token.access-ttl", "1h"))) {
            browser = new Browser(before.url());
            assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(200);
        }
        SessionId session = new SessionId(browser.session());
        String access = browser.jar().get("latchkey-access");
        Browser now = browser.at(WORLD.url());
        assertThat(now.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(now.post("/auth/sign-out").statusCode()).isEqualTo(204);
        WORLD.clock().advance(ENTRY);
        WORLD.forgetEntry(DenylistKeys.denied(Shard.of(session)), session.value());

        try (Gateway fresh = WORLD.startFreshNode(Map.of())) {
            Browser copy = new Browser(fresh.url());
            copy.putBack(Map.of("latchkey-access", access));
            assertThat(copy.get("/api/x").statusCode()).isEqualTo(401);
        }
    }
}
