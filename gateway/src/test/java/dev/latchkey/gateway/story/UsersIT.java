package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.users.SteadyLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The users file changes while its users are signed in: the next rotation knows. */
@ExtendWith(OutputCaptureExtension.class)
final class UsersIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.users.poll-interval", "100ms"));

    private String original = "";

    @BeforeEach
    void remember() throws IOException {
        original = Files.readString(file());
    }

    @AfterEach
    void putBack() throws IOException {
        Files.writeString(file(), original);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> WORLD.browser().signIn("ada", "ada").statusCode() == 200);
    }

    @Test
    void rolesWhenTheyChangeThenTheNextTokenHasThem() throws Exception {
        Browser browser = WORLD.signedIn("ada");
        assertThat(browser.get("/admin/x").statusCode()).isEqualTo(403);
        Files.writeString(file(), original.replaceFirst("roles: \\[customer]", "roles: [customer, admin]"));
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            Browser other = WORLD.signedIn("ada");
            return other.get("/admin/x").statusCode() == 200;
        });
        assertThat(browser.get("/admin/x").statusCode()).as("until then").isEqualTo(403);
        WORLD.expireAccessToken();
        assertThat(browser.get("/admin/x").statusCode()).isEqualTo(200);
        JWTClaimsSet identity = WORLD.identityOf(WORLD.backend().last());
        assertThat(identity.getStringListClaim("roles")).containsExactly("admin", "customer");
    }

    @Test
    void fileWhenItTurnsBadThenTheLastGoodOneCounts(CapturedOutput output) throws IOException {
        Files.writeString(file(), "users: {");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> output.getOut().contains("what was active before stays active"));
        assertThat(WORLD.browser().signIn("ada", "ada").statusCode()).isEqualTo(200);
    }

    /** What is a store's outage to others. */
    @Test
    void fileWhenMissingUnderLoadThenNobodyEndsAndAllGoOn() throws IOException {
        try (SteadyLoad load = new SteadyLoad(List.of(WORLD.signedIn("ada"), WORLD.signedIn("bob")), "/api/x")) {
            load.awaitEach(200);
            Files.delete(file());
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> WORLD.operator().health().body().contains("DEGRADED"));
            for (int rotation = 0; rotation < 3; rotation++) {
                WORLD.expireAccessToken();
                load.awaitEach(200);
            }
            assertThat(WORLD.browser().signIn("ada", "ada").statusCode()).isEqualTo(200);
            Files.writeString(file(), original + "# back\n");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !WORLD.operator().health().body().contains("DEGRADED"));
            load.awaitEach(200);
            assertThat(load.answers()).containsExactly(200);
        }
        assertThat(WORLD.auditNames()).doesNotContain("user-revoked", "session-revoked", "refresh-refused");
    }

    @Test
    void fileWhenItTurnsBadThenHealthIsDegradedAndTellsThePlace() throws IOException {
        Operator operator = WORLD.operator();
        Files.writeString(file(), original + "  - name: ${HOME}\n");
        int line = original.split("\n", -1).length;
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(operator.health().body())
                        .contains(
                                "DEGRADED",
                                "\"line\":" + line + ",\"column\":11,\"message\":\"'${' and '#{' are not allowed"));
        assertThat(operator.health().statusCode()).isEqualTo(200);
        assertThat(operator.readiness().statusCode()).isEqualTo(200);
        assertThat(operator.meter("latchkey_users_last_reload_successful")).isZero();
        assertThat(operator.meter("latchkey_users_healthy")).isZero();
        Files.writeString(file(), original + "# changed\n");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !operator.health().body().contains("DEGRADED"));
    }

    private static Path file() {
        return WORLD.folder().resolve("users.yml");
    }
}
