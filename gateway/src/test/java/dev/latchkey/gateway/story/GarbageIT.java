package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Garbage;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.RedisMonitor;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens that are none of ours cost no command of Redis, however many come, and hinder no user who has real ones. */
final class GarbageIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final String NAME = "node-of-garbage";
    private static final int TIMES = 8;
    private static final int AT_ONCE = 64;

    private static List<String> garbage;

    @BeforeAll
    static void makeGarbage() throws Exception {
        Browser ada = WORLD.signedIn("ada");
        garbage = Garbage.of(ada.jar().get("latchkey-access"), ada.jar().get("latchkey-refresh-1"));
    }

    @Test
    void tokensWhenNotOursThenNoCommandOfRedis() {
        try (Gateway node = WORLD.startFreshNode(Map.of("spring.data.redis.client-name", NAME));
                RedisMonitor monitor = WORLD.redis().monitor()) {
            WORLD.signedIn("ada"); // by another node, whose commands do not count
            List<Integer> statuses = send(requests(node.url()));
            assertThat(statuses).hasSizeGreaterThan(1000).containsOnly(401);
            assertThat(monitor.commandsOfRequests(NAME)).isEmpty();
            new Browser(node.url()).signIn("ada", "ada");
            assertThat(monitor.commandsOfRequests(NAME)).isNotEmpty();
        }
    }

    @Test
    void honestClientsWhenGarbagePoursInThenGoOn() {
        List<Browser> honest = List.of(WORLD.signedIn("ada"), WORLD.signedIn("bob"), WORLD.signedIn("root"));
        for (int round = 0; round < TIMES; round++) {
            List<CompletableFuture<HttpResponse<String>>> under = requests(WORLD.url()).stream()
                    .limit(AT_ONCE)
                    .map(GarbageIT::send)
                    .toList();
            if (round % 2 == 1) {
                WORLD.expireAccessToken();
            }
            honest.forEach(
                    browser -> assertThat(browser.get("/api/x").statusCode()).isEqualTo(200));
            assertThat(under)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(401));
        }
    }

    /** Each piece in each place where a token may stand, several times. */
    private static List<HttpRequest.Builder> requests(String node) {
        List<HttpRequest.Builder> all = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            garbage.forEach(text -> all.addAll(everywhere(node, text)));
        }
        return all;
    }

    private static List<HttpRequest.Builder> everywhere(String node, String token) {
        Browser nobody = new Browser(node);
        return List.of(
                nobody.bare("/api/x").header("Authorization", "Bearer " + token).GET(),
                nobody.bare("/api/x")
                        .header("Cookie", "latchkey-access=" + token)
                        .GET(),
                nobody.bare("/api/x")
                        .header("Cookie", "latchkey-refresh-0=" + token)
                        .GET(),
                nobody.bare("/auth/session")
                        .header("Cookie", "latchkey-access=" + token + "; latchkey-refresh-1=" + token)
                        .GET(),
                nobody.bare("/api/x")
                        .header("Authorization", "Bearer " + token)
                        .header("Latchkey-Refresh-Token", token)
                        .GET(),
                nobody.bare("/auth/refresh")
                        .header("Cookie", "latchkey-refresh-1=" + token)
                        .POST(BodyPublishers.noBody()),
                nobody.bare("/auth/refresh")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"refreshToken\":\"" + token + "\"}")));
    }

    private static List<Integer> send(List<HttpRequest.Builder> requests) {
        List<Integer> statuses = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += AT_ONCE) {
            List<CompletableFuture<HttpResponse<String>>> under =
                    requests.subList(from, Math.min(requests.size(), from + AT_ONCE)).stream()
                            .map(GarbageIT::send)
                            .toList();
            under.forEach(answer -> statuses.add(answer.join().statusCode()));
        }
        return statuses;
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return WORLD.browser().sendLater(request);
    }
}
