package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.users.SteadyLoad;
import dev.latchkey.gateway.testing.users.StoreFixture;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What users and operators see of a store of users, whichever it is: another program changes a user, and the store is
 * stopped or killed while people are signed in. A class for each store says which one.
 */
abstract class UserStoreStories {

    private static final Logger LOGGER = LoggerFactory.getLogger(UserStoreStories.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Every hash is made once: another salt would be another password to a session. */
    private static final String ADA = Resources.hash("ada");

    private static final String BOB = Resources.hash("bob");
    private static final String ROOT = Resources.hash("root");

    private final World world;
    private final StoreFixture store;

    UserStoreStories(World world, StoreFixture store) {
        this.world = world;
        this.store = store;
    }

    /** What the stories need besides the store: changes are found soon. */
    static Map<String, Object> properties(StoreFixture store) {
        putAll(store);
        Map<String, Object> properties = new HashMap<>(store.properties());
        properties.put("latchkey.users.poll-interval", "200ms");
        properties.put("latchkey.users.cache-time", "200ms");
        return properties;
    }

    private static void putAll(StoreFixture store) {
        store.put("ada", ADA, List.of("customer"));
        store.put("bob", BOB, List.of("customer"));
        store.put("root", ROOT, List.of("customer", "admin"));
    }

    /** Before the world's own check that users can sign in, which comes before the next story. */
    @AfterEach
    void putBack() {
        putAll(store);
    }

    @BeforeEach
    void letTimePass() {
        world.clock().advance(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"gone, user-gone", "disabled, user-disabled", "password, credentials-changed"})
    void userWhenChangedThenStreamsEndRequestsAreRefusedAndTheAuditSaysWhy(String change, String reason) {
        Browser ada = world.signedIn("ada");
        Browser bob = world.signedIn("bob");
        world.clock().advance(Duration.ofSeconds(1));
        try (LiveConnection events = LiveConnection.events(ada, world.port());
                LiveConnection others = LiveConnection.events(bob, world.port())) {
            Instant changed = Instant.now();
            change("ada", change);

            assertSoon(changed, events.awaitEnd());
            assertThat(ada.get("/api/x").statusCode()).isEqualTo(401);
            others.awaitMore();
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(world.audit())
                        .filteredOn(event -> event.name().equals("user-revoked"))
                        .singleElement()
                        .satisfies(event -> assertSays(event, "ada", reason)));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(world.tombstone(ada)).startsWith(reason + ","));
        assertThat(world.record(bob)).containsEntry("state", "active");
        assertThat(world.browser().signIn("ada", "ada").statusCode()).isEqualTo(401);
    }

    private static void assertSoon(Instant changed, Instant ended) {
        Duration delay = Duration.between(changed, ended);
        LOGGER.info("users: a stream ended {} ms after the change", delay.toMillis());
        assertThat(delay).as("polled each 200 ms, on a busy machine").isLessThan(Duration.ofSeconds(10));
    }

    private static void assertSays(AuditEvent event, String subject, String reason) {
        assertThat(AuditFacts.of(event, "subject")).isEqualTo(subject);
        assertThat(AuditFacts.of(event, "reason")).isEqualTo(reason);
    }

    private void change(String name, String change) {
        switch (change) {
            case "gone" -> store.delete(name);
            case "disabled" -> store.disable(name, true);
            default -> store.rehash(name, Resources.hash("another"));
        }
    }

    @Test
    void rolesWhenOneIsWithdrawnThenTheNextRequestLacksItAndOnlyItsStreamEnds() throws Exception {
        Browser root = world.signedIn("root");
        world.clock().advance(Duration.ofSeconds(1));
        assertThat(root.get("/admin/x").statusCode()).isEqualTo(200);
        try (LiveConnection admin = LiveConnection.events(root, world.port(), "/admin/events");
                LiveConnection customer = LiveConnection.events(root, world.port())) {
            Instant changed = Instant.now();
            store.setRoles("root", List.of("customer"));

            assertSoon(changed, admin.awaitEnd());
            assertThat(root.get("/admin/x").statusCode()).isEqualTo(403);
            assertThat(root.get("/api/x").statusCode()).isEqualTo(200);
            customer.awaitMore();
        }
        assertThat(world.identityOf(world.backend().last()).getStringListClaim("roles"))
                .containsExactly("customer");
        assertThat(world.record(root)).containsEntry("state", "active");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(world.audit())
                        .filteredOn(event -> event.name().equals("roles-withdrawn"))
                        .singleElement()
                        .isEqualTo(AuditEvent.rolesWithdrawn(new Subject("root"), "admin")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storeWhenInTroubleUnderLoadThenRotationsAndSignInsWaitNobodyEndsAndAllGoOn(boolean killed) {
        Browser ada = world.signedIn("ada");
        Browser bob = world.signedIn("bob");
        List<Browser> many =
                Stream.of("ada", "bob", "root", "ada").map(world::signedIn).toList();
        try (LiveConnection events = LiveConnection.events(bob, world.port());
                SteadyLoad load = new SteadyLoad(many, "/api/x")) {
            load.awaitEach(200);
            inTrouble(killed, () -> {
                assertThat(ada.get("/api/x").statusCode())
                        .as("a valid access token needs no store")
                        .isEqualTo(200);
                world.expireAccessToken();
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(bob.copy().get("/api/x").statusCode())
                                .as("or a remembered answer, for a moment")
                                .isEqualTo(503));
                load.awaitEach(503, world::expireAccessToken);
                assertThat(world.browser().signIn("ada", "ada").statusCode()).isEqualTo(503);
                events.awaitMore();
            });
            awaitServed(ada);
            awaitServed(bob);
            load.awaitEach(200);
            assertThat(load.answers()).containsExactlyInAnyOrder(200, 503);
        }
        assertThat(world.auditNames()).doesNotContain("user-revoked", "session-revoked", "refresh-refused");
    }

    private void inTrouble(boolean killed, Runnable story) {
        if (killed) {
            store.kill();
        } else {
            store.stop();
        }
        try {
            story.run();
        } finally {
            if (killed) {
                store.restart();
            } else {
                store.resume();
            }
        }
    }

    private static void awaitServed(Browser browser) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(browser.get("/api/x").statusCode()).isEqualTo(200));
    }

    @Test
    void storeWhenItHasLostMostUsersThenNobodyEndsAndHealthSaysSo() {
        List<Browser> all = List.of(world.signedIn("ada"), world.signedIn("bob"), world.signedIn("root"));
        world.clock().advance(Duration.ofSeconds(1));
        store.delete(List.of("ada", "bob", "root"));

        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(world.operator().health().body()).contains("3 of 3 users with sessions are gone"));
        // What was looked up just before the loss is believed a little longer.
        all.forEach(browser -> await().atMost(LIMIT).untilAsserted(() -> {
            world.expireAccessToken();
            assertThat(browser.get("/api/x").statusCode()).isEqualTo(503);
        }));
        putAll(store);
        all.forEach(browser -> await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(browser.get("/api/x").statusCode()).isEqualTo(200)));
        assertThat(world.auditNames()).doesNotContain("user-revoked", "session-revoked");
    }

    @Test
    void userWhenStoredWithNameAndAddressThenBackendsAndPagesGetThem() throws Exception {
        Browser ada = world.signedIn("ada");
        assertThat(ada.get("/auth/session").body()).contains("\"Name of ada\"", "\"ada@shop.example\"");
        world.expireAccessToken();
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);
        JWTClaimsSet identity = world.identityOf(world.backend().last());
        assertThat(identity.getStringClaim("name")).isEqualTo("Name of ada");
        assertThat(identity.getStringClaim("email")).isEqualTo("ada@shop.example");
    }
}
