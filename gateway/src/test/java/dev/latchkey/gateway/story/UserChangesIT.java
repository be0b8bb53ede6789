package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.session.StoredClaims;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.RedisMonitor;
import dev.latchkey.gateway.token.Subject;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The users file changes on one node: what that ends has ended on the others, which have not read it yet. */
final class UserChangesIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.users.poll-interval", "100ms"));

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** It reads the file once, at its start. */
    private static final Map<String, Object> LATE = Map.of("latchkey.users.poll-interval", "1m");

    /** No machine stands still for so long that the node would have to ask Redis. */
    private static final Map<String, Object> PATIENT =
            Map.of("latchkey.users.poll-interval", "1m", "latchkey.denylist.stale-after", "60s");

    private static String original = "";
    private static Gateway late;

    @BeforeAll
    static void startLateNode() throws IOException {
        original = Files.readString(file());
        late = WORLD.startFreshNode(LATE);
    }

    @AfterAll
    static void stopLateNode() {
        late.close();
    }

    @AfterEach
    void putBack() throws IOException {
        Files.writeString(file(), original);
        WORLD.redis().flush();
        await().atMost(LIMIT).until(() -> WORLD.browser().signIn("ada", "ada").statusCode() == 200);
    }

    @ParameterizedTest
    @CsvSource({"gone, user-gone", "disabled, user-disabled", "password, credentials-changed"})
    void userWhenChangedThenEndedOnTheNodeThatHasNotReadIt(String change, String reason) throws IOException {
        Browser ada = WORLD.signedIn("ada");
        Browser bob = WORLD.signedIn("bob");
        try (LiveConnection events = LiveConnection.events(ada, late.port());
                LiveConnection socket = LiveConnection.socket(ada, late.port());
                LiveConnection others = LiveConnection.events(bob, late.port())) {
            change(change);

            events.awaitEnd();
            socket.awaitCloseCode(1008);
            assertThat(ada.at(late.url()).get("/api/x").statusCode()).isEqualTo(401);
            others.awaitMore();
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(WORLD.tombstone(ada)).startsWith(reason + ","));
        assertThat(WORLD.record(bob)).containsEntry("state", "active");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(events("user-revoked"))
                        .containsExactly(AuditEvent.userRevoked(new Subject("ada"), reason)));
        WORLD.expireAccessToken();
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(401);
    }

    @Test
    void rolesWhenOneIsWithdrawnThenTheNextRequestLacksItAndOnlyItsStreamsEnd() throws Exception {
        Browser root = WORLD.signedIn("root").at(late.url());
        assertThat(root.get("/admin/x").statusCode()).isEqualTo(200);
        try (LiveConnection admin = LiveConnection.events(root, late.port(), "/admin/events");
                LiveConnection adminSocket = LiveConnection.socket(root, late.port(), "/admin/socket");
                LiveConnection customerSocket = LiveConnection.socket(root, late.port());
                LiveConnection customer = LiveConnection.events(root, late.port())) {
            Files.writeString(file(), original.replace("[customer, admin]", "[customer]"));

            admin.awaitEnd();
            adminSocket.awaitCloseCode(1008);
            assertThat(root.get("/admin/x").statusCode()).isEqualTo(403);
            assertThat(root.get("/api/x").statusCode()).isEqualTo(200);
            customer.awaitMore();
            customerSocket.awaitMore();
        }
        assertThat(WORLD.identityOf(WORLD.backend().last()).getStringListClaim("roles"))
                .containsExactly("customer");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(events("roles-withdrawn"))
                        .containsExactly(AuditEvent.rolesWithdrawn(new Subject("root"), "admin")));
        assertThat(WORLD.generationOf(root)).as("within the grace").isEqualTo(1);
        assertThat(WORLD.record(root)).containsEntry("state", "active");
    }

    @Test
    void sessionWhenItHasTheNewPasswordThenNoNodeEndsIt() throws IOException {
        Browser old = WORLD.signedIn("ada");
        change("password");
        await().atMost(LIMIT).until(() -> old.get("/api/x").statusCode() == 401);
        WORLD.clock().advance(Duration.ofSeconds(1));
        Browser ada = WORLD.browser();
        await().atMost(LIMIT).until(() -> ada.signIn("ada", "another").statusCode() == 200);
        long ends = ends();

        WORLD.expireAccessToken();
        Browser atLate = ada.at(late.url());
        assertThat(atLate.get("/api/x").statusCode())
                .as("rotated where the old file is")
                .isEqualTo(200);
        assertThat(atLate.signIn("ada", "ada").statusCode())
                .as("the old password")
                .isEqualTo(401);
        try (Gateway later = WORLD.startFreshNode(LATE)) {
            assertThat(atLate.at(later.url()).get("/api/x").statusCode()).isEqualTo(200);
            WORLD.expireAccessToken();
            assertThat(atLate.at(later.url()).get("/api/x").statusCode()).isEqualTo(200);
        }
        assertThat(ends()).as("nothing was ended again").isEqualTo(ends);
    }

    /** It has asked whether its list is the newest, and its copy of the denylist is fresh and knows of nothing. */
    @Test
    void rotationWhenNothingIsNewerThenRedisIsNotAskedForTheUser() {
        Browser bob = WORLD.signedIn("bob");
        try (Gateway node = WORLD.startFreshNode(PATIENT)) {
            awaitAlone(bob.at(node.url()));
        }
    }

    @Test
    void sessionWhenItHasANewPasswordOfWhichTheNodeHasNotHeardThenItGoesOn() {
        Browser bob = WORLD.signedIn("bob");
        try (Gateway node = WORLD.startFreshNode(PATIENT)) {
            Browser there = bob.at(node.url());
            awaitAlone(there);
            recordUnheardOf(bob, "newer,credentials-changed,customer");
            assertThat(there.get("/auth/session?touch=false").statusCode())
                    .as("what a rotation would come to")
                    .isEqualTo(200);
            assertThat(there.get("/api/x").statusCode()).isEqualTo(200);
            assertThat(WORLD.record(bob)).containsEntry("state", "active");
        }
    }

    /** Both of them, the new password and what came after it. */
    @Test
    void sessionWhenTheNodeHasNotHeardThatItsUserIsDisabledThenItEndsForThat() {
        Browser bob = WORLD.signedIn("bob");
        try (Gateway node = WORLD.startFreshNode(PATIENT)) {
            Browser there = bob.at(node.url());
            awaitAlone(there);
            recordUnheardOf(bob, ",user-disabled,");
            assertThat(there.get("/api/x").statusCode()).isEqualTo(401);
            assertThat(WORLD.tombstone(bob)).startsWith("user-disabled,");
        }
    }

    /** As of a session with a new password, after a change that another node recorded and whose message is missing. */
    private static void recordUnheardOf(Browser bob, String says) {
        WORLD.change(bob, "claims", new StoredClaims("newer", Optional.empty()).json());
        WORLD.redis().say("HSET latchkey:users bob 999999,0," + says);
        WORLD.expireAccessToken();
    }

    /** Until the node rotates without asking Redis for the user. */
    private static void awaitAlone(Browser bob) {
        await().atMost(LIMIT).until(() -> {
            try (RedisMonitor monitor = WORLD.redis().monitor()) {
                int before = WORLD.generationOf(bob);
                WORLD.expireAccessToken();
                assertThat(bob.get("/api/x").statusCode()).isEqualTo(200);
                assertThat(WORLD.generationOf(bob)).isGreaterThan(before);
                return monitor.commands().stream()
                        .noneMatch(command -> command.contains("\"HGET\" \"latchkey:users\" \"bob\""));
            }
        });
    }

    @Test
    void userWhenNewThenANodeWithTheOldFileEndsNothing() throws IOException {
        Files.writeString(
                file(),
                original
                        + original.substring(original.indexOf("  - name: ada"), original.indexOf("  - name: root"))
                                .replace("name: ada", "name: eve"));
        Browser eve = WORLD.browser();
        await().atMost(LIMIT).until(() -> eve.signIn("eve", "ada").statusCode() == 200);
        WORLD.expireAccessToken();
        assertThat(eve.at(late.url()).get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void userWhenDisabledAndBackThenSignsInAndMayBeDisabledAgain() throws IOException {
        for (int time = 0; time < 2; time++) {
            Browser ada = WORLD.browser();
            await().atMost(LIMIT).until(() -> ada.signIn("ada", "ada").statusCode() == 200);
            change("disabled");
            await().atMost(LIMIT).until(() -> ada.get("/api/x").statusCode() == 401);
            Files.writeString(file(), original);
            WORLD.clock().advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void usersWhenChangedWhileNoNodeReadsThemThenEndedAtTheStart() throws IOException {
        Path own = WORLD.folder().resolve("own.yml");
        Files.writeString(own, original);
        Browser ada = WORLD.signedIn("ada");
        WORLD.clock().advance(Duration.ofSeconds(1));
        // Redis is empty at the beginning of each story: a node has to note the users again.
        try (Gateway first = WORLD.startFreshNode(Map.of("latchkey.users.file", own.toString()))) {
            await().atMost(LIMIT).until(UserChangesIT::isNoted);
            assertThat(ada.at(first.url()).get("/api/x").statusCode()).isEqualTo(200);
        }
        Files.writeString(own, changed("gone"));
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);
        try (Gateway later = WORLD.startFreshNode(Map.of("latchkey.users.file", own.toString()))) {
            await().atMost(LIMIT).until(() -> ada.get("/api/x").statusCode() == 401);
            assertThat(ada.at(later.url()).get("/api/x").statusCode()).isEqualTo(401);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(WORLD.tombstone(ada)).startsWith("user-gone,"));
        }
    }

    @Test
    void usersWhenMostAreGoneAtTheStartThenHealthSaysSoAndNoSessionEnds() throws IOException {
        Path own = WORLD.folder().resolve("few.yml");
        Files.writeString(own, original);
        Map<String, Object> settings =
                Map.of("latchkey.users.file", own.toString(), "latchkey.users.poll-interval", "100ms");
        try (Gateway first = WORLD.startFreshNode(settings)) {
            await().atMost(LIMIT).until(UserChangesIT::isNoted);
            assertThat(new Operator(first.managementUrl()).health().body()).doesNotContain("DEGRADED");
        }
        Browser ada = WORLD.signedIn("ada");
        WORLD.clock().advance(Duration.ofSeconds(1));
        String few = "users:\n" + original.substring(original.indexOf("  - name: bob"));
        Files.writeString(own, few);
        try (Gateway later = WORLD.startFreshNode(settings)) {
            Operator operator = new Operator(later.managementUrl());
            await().atMost(LIMIT)
                    .until(() -> operator.health()
                            .body()
                            .contains("2 of 3 users are gone; write user-count: 1 where that is meant"));
            assertThat(operator.health().body()).contains("DEGRADED", "few.yml");
            Browser there = ada.at(later.url());
            assertThat(there.get("/api/x").statusCode()).isEqualTo(200);
            WORLD.expireAccessToken();
            assertThat(there.get("/api/x").statusCode()).as("rotated").isEqualTo(200);

            WORLD.clock().advance(Duration.ofSeconds(1));
            Files.writeString(own, few + "user-count: 1\n");
            await().atMost(LIMIT).until(() -> there.get("/api/x").statusCode() == 401);
            await().atMost(LIMIT).until(() -> !operator.health().body().contains("DEGRADED"));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(WORLD.tombstone(ada)).startsWith("user-gone,"));
        }
    }

    private static boolean isNoted() {
        try (RedisClient client = RedisClient.create(WORLD.redis().uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection.sync().hexists("latchkey:users", "bob");
        }
    }

    private static long ends() {
        return events("user-revoked").size();
    }

    private static List<AuditEvent> events(String name) {
        return WORLD.audit().stream().filter(event -> event.name().equals(name)).toList();
    }

    /** A moment after sessions have begun: what begins in the millisecond of an end goes on. */
    private static void change(String what) throws IOException {
        WORLD.clock().advance(Duration.ofSeconds(1));
        Files.writeString(file(), changed(what));
    }

    private static String changed(String what) {
        return switch (what) {
            case "gone" -> original.replace("name: ada", "name: eve");
            case "disabled" -> original.replaceFirst("roles: \\[customer]", "roles: [customer]\n    disabled: true");
            default -> original.replaceFirst("\\{bcrypt}[^\"]+", Matcher.quoteReplacement(Resources.hash("another")));
        };
    }

    private static Path file() {
        return WORLD.folder().resolve("users.yml");
    }
}
