package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions live through a roll-over of all keys on two nodes that see the new ones at different times. */
final class KeyRollOverIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.keys.poll-interval", "100ms"));

    @Test
    void sessionsWhenKeysRollOverOnTwoNodesThenNobodyNotices() throws Exception {
        Path late = copyOfKeys();
        try (Gateway second = WORLD.startNode(Map.of("latchkey.keys.directory", late.toString()))) {
            Browser here = WORLD.signedIn("ada");
            String oldKey = keyOf(here);
            KeyDirectory.create(keys(), IdentityAlgorithm.DEFAULT, WORLD.clock());
            awaitPublished(WORLD.browser(), 2);
            assertThat(publishedBy(WORLD.browser().at(second.url())))
                    .as("not seen there yet")
                    .isEqualTo(1);
            assertBothServe(here, second);
            assertThat(keyOf(here)).as("known, and not signing yet").isEqualTo(oldKey);
            copy(keys(), late);
            awaitPublished(WORLD.browser().at(second.url()), 2);
            WORLD.clock().advance(KeyDirectory.ACTIVATION_DELAY.plusSeconds(1));
            assertBothServe(here, second);
            assertThat(keyOf(here)).as("signing now").isNotEqualTo(oldKey);
            WORLD.clock().advance(Duration.ofDays(1));
            assertBothServe(here, second);
        }
    }

    @Test
    void healthWhenAKeyFileIsBadThenDegradedAndItTellsThePlace() throws Exception {
        Operator operator = WORLD.operator();
        Path half = keys().resolve("half.json");
        Files.writeString(half, "{\n  \"version\": 1,\n");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(operator.health().body())
                        .contains("DEGRADED", "\"keys\":{\"details\":{", half.toString(), "\"line\":3", "not JSON"));
        assertThat(operator.health().statusCode()).isEqualTo(200);
        assertThat(operator.meter("latchkey_keys_last_reload_successful")).isZero();
        Files.delete(half);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !operator.health().body().contains("DEGRADED"));
    }

    /** A valid token of each node is good on the other, and so is a rotation. */
    private static void assertBothServe(Browser browser, Gateway second) {
        Browser there = browser.at(second.url());
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.identityOf(WORLD.backend().last()).getSubject()).isEqualTo("ada");
        assertThat(there.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        there.putBack(browser.jar());
        assertThat(there.get("/api/x").statusCode()).isEqualTo(200);
        browser.putBack(there.jar());
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    private static String keyOf(Browser browser) throws ParseException {
        return SignedJWT.parse(browser.jar().get("latchkey-access")).getHeader().getKeyID();
    }

    private static void awaitPublished(Browser browser, int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> publishedBy(browser) == count);
    }

    private static int publishedBy(Browser browser) {
        String keys = browser.get("/.well-known/jwks.json").body();
        return keys.split("\"kid\"", -1).length - 1;
    }

    private static Path keys() {
        return WORLD.folder().resolve("keys");
    }

    private static Path copyOfKeys() throws IOException {
        Path copy = Files.createDirectory(WORLD.folder().resolve("late-keys"));
        copy(keys(), copy);
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(file.getFileName().toString());
                if (!Files.exists(target)) {
                    Files.copy(file, target);
                }
            }
        }
    }
}
