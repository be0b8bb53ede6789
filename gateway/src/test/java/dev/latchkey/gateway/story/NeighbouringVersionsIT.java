package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * A running node goes on with sessions that the version before wrote, and that one with what the node wrote; and what a
 * later version writes is no broken record. The scripts of the version before lie beside the tests as they were.
 */
final class NeighbouringVersionsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String FOLDER = "dev/latchkey/gateway/session/before/";

    @Test
    void sessionWhenTheVersionBeforeServesItInBetweenThenBothGoOn() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        assertThat(rotatedBefore(browser, 1)).isEqualTo("ROTATED");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).as("of the version before").isEqualTo(2);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(3);
        WORLD.expireAccessToken();
        assertThat(rotatedBefore(browser, 3)).isEqualTo("ROTATED");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(4);
        revokedBefore(browser);
        await().atMost(LIMIT).until(() -> browser.get("/api/x").statusCode() == 401);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(401);
    }

    @Test
    void sessionWhenTheVersionBeforeBeganItThenServedListedAndEnded() {
        Browser browser = WORLD.signedIn("ada");
        Map<String, String> record = WORLD.record(browser);
        WORLD.run(RedisScript.of("redis.call('DEL', KEYS[1]) return {}", List.class), List.of(WORLD.key(browser)));
        before(
                "create",
                List.of(WORLD.key(browser)),
                "ada",
                record.get("claims"),
                "an older agent",
                "192.0.2.1",
                World.ABSOLUTE.toMillis(),
                World.ABSOLUTE.toMillis());
        assertThat(browser.get("/auth/sessions").body()).contains("an older agent");
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(2);
        assertThat(browser.copy().post("/auth/sign-out").statusCode()).isEqualTo(204);
        assertThat(rotatedBefore(browser, 2)).isIn("UNKNOWN", "REVOKED");
        assertThat(WORLD.audit()).noneMatch(event -> event.toString().contains("unreadable"));
    }

    @Test
    void sessionWhenALaterVersionAddedToItThenServedAndWhatWasAddedStays() {
        Browser browser = WORLD.signedIn("ada");
        Map<String, String> record = WORLD.record(browser);
        String claims = record.get("claims").replaceFirst("}$", ",\"added\":{\"to\":[1]}}");
        WORLD.change(browser, "claims", claims);
        WORLD.change(browser, "added", "later");
        WORLD.change(browser, "1", record.get("1") + ",added");
        for (int generation = 2; generation <= 3; generation++) {
            WORLD.expireAccessToken();
            assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
            assertThat(WORLD.generationOf(browser)).isEqualTo(generation);
        }
        assertThat(WORLD.record(browser)).containsEntry("added", "later").containsEntry("claims", claims);
        assertThat(WORLD.record(browser).get("1")).endsWith(",added");
        assertThat(browser.get("/auth/sessions").statusCode()).isEqualTo(200);
        assertThat(WORLD.auditNames()).doesNotContain("session-revoked");
    }

    @Test
    void sessionWhenOfALaterFormatThenItWaitsForSuchANodeAndCanBeEnded() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.change(browser, "format", "3");
        WORLD.change(browser, "gen", "of another kind");
        Map<String, String> later = WORLD.record(browser);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(503);
        assertThat(browser.get("/auth/sign-in").statusCode()).isEqualTo(200);
        assertThat(WORLD.record(browser)).as("nothing is taken from it").isEqualTo(later);
        Browser other = WORLD.signedIn("ada");
        assertThat(other.get("/auth/sessions").statusCode()).isEqualTo(200);
        assertThat(other.post("/auth/sign-out?everywhere=true").statusCode()).isEqualTo(204);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(WORLD.record(browser).get("state")).startsWith("revoked:");
    }

    private static String rotatedBefore(Browser browser, int generation) {
        return String.valueOf(before(
                        "rotate",
                        recordAndDenied(browser),
                        WORLD.sessionOf(browser),
                        generation,
                        branch(browser, generation),
                        World.GRACE.toMillis(),
                        World.ABSOLUTE.toMillis(),
                        World.ACCESS.toMillis(),
                        World.ACCESS.plusMinutes(1).toMillis())
                .get(1));
    }

    private static void revokedBefore(Browser browser) {
        before(
                "revoke",
                recordAndDenied(browser),
                WORLD.sessionOf(browser),
                "signed-out",
                World.ACCESS.plusMinutes(1).toMillis());
    }

    private static List<String> recordAndDenied(Browser browser) {
        Shard shard = Shard.of(new SessionId(WORLD.sessionOf(browser)));
        return List.of(WORLD.key(browser), DenylistKeys.denied(shard));
    }

    /** The id of the refresh token that the browser holds. */
    private static String branch(Browser browser, int generation) {
        try {
            String token = browser.jar().get("latchkey-refresh-" + generation % 2);
            return SignedJWT.parse(token).getJWTClaimsSet().getJWTID();
        } catch (ParseException broken) {
            throw new AssertionError(broken);
        }
    }

    private static List<?> before(String name, List<String> keys, Object... arguments) {
        RedisScript<?> script = TimedScripts.read(FOLDER + "prelude.lua", FOLDER + name + ".lua");
        return WORLD.run(script, keys, arguments);
    }
}
