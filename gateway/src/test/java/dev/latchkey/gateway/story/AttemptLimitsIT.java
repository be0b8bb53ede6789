package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.World;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guessing is slowed down in three ways, and none of them locks out another user. */
final class AttemptLimitsIT {

    private static final int PAIR = 3;
    private static final int ADDRESS = 6;
    private static final int NAME = 9;
    private static final long WINDOW = 300;
    private static final long HOUR = 3600;

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.trusted-proxies", "127.0.0.0/8",
            "latchkey.sign-in.per-name-and-address", PAIR,
            "latchkey.sign-in.per-address", ADDRESS,
            "latchkey.sign-in.per-name", NAME,
            "latchkey.sign-in.window", WINDOW + "s"));

    @Test
    void addressWhenItTriesManyNamesThenItWaitsAndOthersDoNot() {
        for (int i = 0; i < ADDRESS; i++) {
            assertThat(signIn("203.0.113.1", "nobody" + i, "x").statusCode()).isEqualTo(401);
        }
        HttpResponse<String> limited = signIn("203.0.113.1", "ada", "ada");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.body()).contains("urn:latchkey:problem:too-many-attempts");
        assertThat(retryAfter(limited)).isEqualTo(WINDOW);
        assertThat(signIn("203.0.113.2", "ada", "ada").statusCode()).isEqualTo(200);
        WORLD.clock().advanceSeconds(WINDOW);
        assertThat(signIn("203.0.113.1", "ada", "ada").statusCode()).isEqualTo(200);
    }

    /** Each takes room in Redis, and there are as many as somebody makes up. */
    @Test
    void namesWhenTheirAddressWaitsThenTheyLeaveNoCounters() {
        for (int i = 0; i < ADDRESS + 20; i++) {
            signIn("203.0.113.1", "nobody" + i, "x");
        }
        assertThat(WORLD.redis().say("KEYS latchkey:attempts:pair:*").lines()).hasSize(ADDRESS);
    }

    /** A /64 counts as one address. */
    @Test
    void refusalsWhenRepeatedThenTheAuditLogCountsThem() {
        for (int i = 0; i < ADDRESS + 5; i++) {
            signIn("2001:db8:1:2::" + i, "nobody" + i, "x");
        }
        signIn("203.0.113.1", "nobody", "x");
        assertThat(refusals().map(event -> AuditFacts.of(event, "reason") + " " + AuditFacts.of(event, "address")))
                .containsExactly("credentials 2001:db8:1:2::", "attempts 2001:db8:1:2::6", "credentials 203.0.113.1");
        WORLD.clock().advanceSeconds(60);
        await().untilAsserted(() ->
                assertThat(AuditFacts.counts(refusals())).containsExactlyInAnyOrder(1L, 1L, 1L, ADDRESS - 1L, 4L));
    }

    private static Stream<AuditEvent> refusals() {
        return WORLD.audit().stream().filter(event -> event.name().equals("sign-in-refused"));
    }

    @Test
    void nameWhenTriedFromManyAddressesThenASlowCeiling() {
        for (int i = 0; i < NAME; i++) {
            assertThat(signIn("198.51.100." + i / PAIR, "ada", "x").statusCode())
                    .isEqualTo(401);
        }
        HttpResponse<String> limited = signIn("203.0.113.1", "ada", "ada");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(retryAfter(limited)).isEqualTo(HOUR);
        assertThat(signIn("203.0.113.1", "bob", "bob").statusCode()).isEqualTo(200);
        WORLD.clock().advanceSeconds(WINDOW);
        assertThat(signIn("203.0.113.1", "ada", "ada").statusCode()).isEqualTo(429);
        WORLD.clock().advanceSeconds(HOUR - WINDOW);
        assertThat(signIn("203.0.113.1", "ada", "ada").statusCode()).isEqualTo(200);
    }

    @Test
    void nameWhenUnknownThenItIsLimitedAlike() {
        for (int i = 0; i < PAIR; i++) {
            assertThat(signIn("203.0.113.1", "nobody", "x").statusCode()).isEqualTo(401);
        }
        assertThat(signIn("203.0.113.1", "nobody", "x").statusCode()).isEqualTo(429);
    }

    @Test
    void guessesWhenParallelThenTheyAreCountedBeforeAnyPasswordIsLookedAt() {
        List<CompletableFuture<HttpResponse<String>>> underWay = IntStream.range(0, 12)
                .mapToObj(unused -> WORLD.browser().sendLater(request("203.0.113.1", "ada", "x")))
                .toList();
        assertThat(underWay.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                .containsOnly(401, 429)
                .filteredOn(status -> status == 401)
                .hasSize(PAIR);
    }

    @Test
    void successWhenItComesInTimeThenNothingIsCounted() {
        for (int i = 0; i < NAME + 1; i++) {
            assertThat(signIn("203.0.113.1", "ada", "ada").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void networkWhenIpv6ThenItCountsAsOneAddress() {
        for (int i = 0; i < ADDRESS; i++) {
            assertThat(signIn("2001:db8:1:2::" + i, "nobody" + i, "x").statusCode())
                    .isEqualTo(401);
        }
        assertThat(signIn("2001:db8:1:2:ffff::1", "ada", "ada").statusCode()).isEqualTo(429);
        assertThat(signIn("2001:db8:1:3::1", "ada", "ada").statusCode()).isEqualTo(200);
    }

    @Test
    void formWhenLimitedThenThePageSaysSo() {
        for (int i = 0; i < PAIR; i++) {
            signIn("203.0.113.1", "ada", "x");
        }
        HttpRequest.Builder form = WORLD.browser()
                .bare("/auth/sign-in")
                .header("X-Forwarded-For", "203.0.113.1")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=ada&password=ada"));
        HttpResponse<String> page = WORLD.browser().send(form);
        assertThat(page.statusCode()).isEqualTo(429);
        assertThat(retryAfter(page)).isEqualTo(WINDOW);
        assertThat(page.body()).contains("role=\"alert\"", "Too many attempts. Wait 5 minutes before you try again.");
    }

    @Test
    void countersWhenKeptThenNeitherNamesNorAddressesAreThere() {
        signIn("203.0.113.1", "somebody", "x");
        try (RedisClient client = RedisClient.create(WORLD.redis().uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            List<String> keys = connection.sync().keys("latchkey:attempts:*");
            assertThat(keys).hasSize(3).noneMatch(key -> key.contains("somebody") || key.contains("203.0"));
            assertThat(keys).allMatch(key -> connection.sync().pttl(key) > 0);
        }
    }

    private static HttpResponse<String> signIn(String address, String name, String password) {
        return WORLD.browser().send(request(address, name, password));
    }

    private static HttpRequest.Builder request(String address, String name, String password) {
        return WORLD.browser()
                .bare("/auth/sign-in")
                .header("X-Forwarded-For", address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, password)));
    }

    private static long retryAfter(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("Retry-After").orElseThrow();
    }
}
