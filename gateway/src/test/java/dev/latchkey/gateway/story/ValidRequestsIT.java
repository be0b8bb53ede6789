package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.RedisMonitor;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;

/** What valid requests cost Redis: nothing but one confirmation of each new token. */
final class ValidRequestsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** No machine stands still for so long that the node would have to ask Redis. */
    private static final String PATIENT = "60s";

    private static final String NAME = "node-of-valid-requests";
    private static final int REQUESTS = 10_000;
    private static final int AT_ONCE = 32;

    /** Stories that are told without the lane are told without it. */
    @Test
    void requestsWhenThisNodeCanDecideThenTheLaneTakesAllOfThemIfThereIsOne() {
        Browser ada = WORLD.signedIn("ada");
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);
        double before = taken();

        assertThat(List.of(
                        ada.get("/api/x"), ada.get("/maybe/x"), WORLD.browser().get("/open/x")))
                .extracting(HttpResponse::statusCode)
                .containsOnly(200);

        assertThat(taken() - before).isEqualTo(Gateway.hasLane() ? 3 : 0);
    }

    private static double taken() {
        return WORLD.operator().meter("latchkey_lane_requests_total");
    }

    @Test
    void redisWhenThousandsOfValidRequestsComeThenOnlyTheFirstUseIsConfirmed() {
        Browser ada = WORLD.signedIn("ada");
        Browser bob = WORLD.signedIn("bob");
        assertThat(ada.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.awaitConfirmed(ada, 1);
        try (Gateway node = WORLD.startFreshNode(
                Map.of("latchkey.denylist.stale-after", PATIENT, "spring.data.redis.client-name", NAME))) {
            try (RedisMonitor monitor = WORLD.redis().monitor()) {
                assertThat(statuses(node, List.of(ada, bob))).containsOnly(200).hasSize(REQUESTS);
                assertThat(monitor.commandsOfRequests(NAME))
                        .as("one confirmation for each of the two tokens")
                        .hasSize(2)
                        .allMatch(command -> command.contains("\"EVALSHA\""))
                        .anyMatch(command -> command.contains(WORLD.sessionOf(ada)))
                        .anyMatch(command -> command.contains(WORLD.sessionOf(bob)));
            }
        }
    }

    private static List<Integer> statuses(Gateway node, List<Browser> browsers) {
        HttpClient client = HttpClient.create();
        return Flux.range(0, REQUESTS)
                .flatMap(
                        number -> client.headers(headers -> headers.add(
                                        "Cookie",
                                        browsers.get(number % browsers.size()).cookies()))
                                .get()
                                .uri(node.url() + "/api/x")
                                .responseSingle((answer, body) ->
                                        body.then().thenReturn(answer.status().code())),
                        AT_ONCE)
                .collectList()
                .block(LIMIT);
    }
}
