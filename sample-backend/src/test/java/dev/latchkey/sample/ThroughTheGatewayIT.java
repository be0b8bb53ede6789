package dev.latchkey.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The identity tokens that the real gateway signs, verified by this stock resource server on each call. */
@ExtendWith(Demonstrations.class)
final class ThroughTheGatewayIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Demonstration demo;

    @BeforeAll
    static void start(Demonstration running) {
        demo = running;
    }

    @Test
    void backendsWhenCalledThenEachAcceptsTheTokenOfItsOwnAudience() throws Exception {
        for (String area : Set.of("orders", "profile")) {
            JsonNode caller = json(call("/api/" + area + "/whoami"));
            assertThat(caller.path("service").asString()).isEqualTo(area);
            assertThat(caller.path("subject").asString()).isEqualTo("demo");
            assertThat(caller.path("audience").path(0).asString()).isEqualTo(area);
        }
    }

    @Test
    void openAreasWhenCalledThenTheOptionalOneKnowsTheCaller() throws Exception {
        assertThat(json(call("/api/optional/whoami")).path("subject").asString())
                .isEqualTo("demo");
        assertThat(json(call("/api/public/whoami")).path("anonymous").asBoolean())
                .isTrue();
        assertThat(call("/api/orders/all").statusCode()).isEqualTo(403);
    }

    /**
     * With both tokens of a fresh sign-in: those of the demo are short-lived, and no machine is fast enough for sure.
     */
    private static HttpResponse<String> call(String path) throws Exception {
        JsonNode tokens = json(CLIENT.send(
                HttpRequest.newBuilder(URI.create(demo.url() + "/auth/token"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"username\":\"demo\",\"password\":\"demo\"}"))
                        .build(),
                BodyHandlers.ofString()));
        HttpRequest request = HttpRequest.newBuilder(URI.create(demo.url() + path))
                .header("Authorization", "Bearer " + tokens.path("accessToken").asString())
                .header("Latchkey-Refresh-Token", tokens.path("refreshToken").asString())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }
}
