package dev.latchkey.gateway.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The administrator of the realm: what Keycloak counted, and what is done to its users there. */
final class KeycloakAdmin {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String url;

    KeycloakAdmin(String url) {
        this.url = url;
    }

    /** What happened of these types since they were forgotten, the newest first. */
    List<String> events(String... types) {
        List<String> events = new ArrayList<>();
        String query = "?max=1000&type=" + String.join("&type=", types);
        json(request("/events" + query).GET())
                .forEach(event -> events.add(event.path("type").asString()));
        return events;
    }

    void forgetEvents() {
        send(request("/events").DELETE());
    }

    /** As by the button "log out all sessions" of a user's page. */
    void logOut(String user) {
        send(request("/users/" + id(user) + "/logout").POST(BodyPublishers.noBody()));
    }

    void enable(String user, boolean isEnabled) {
        send(request("/users/" + id(user)).PUT(json("{\"enabled\":" + isEnabled + "}")));
    }

    /** The ids of a user's sessions there. */
    List<String> sessions(String user) {
        List<String> sessions = new ArrayList<>();
        json(request("/users/" + id(user) + "/sessions").GET())
                .forEach(session -> sessions.add(session.path("id").asString()));
        return sessions;
    }

    private String id(String user) {
        return json(request("/users?exact=true&username=" + user).GET())
                .path(0)
                .path("id")
                .asString();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + "/admin/realms/latchkey" + path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token());
    }

    /** It lives for a minute, so that each request has its own. */
    private String token() {
        String form = "grant_type=password&client_id=admin-cli&username=%s&password=%s"
                .formatted(Keycloak.ADMIN, Keycloak.ADMIN);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + "/realms/master/protocol/openid-connect/token"))
                .timeout(LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        return json(request).path("access_token").asString();
    }

    private static BodyPublisher json(String text) {
        return BodyPublishers.ofString(text);
    }

    private static JsonNode json(HttpRequest.Builder request) {
        return JsonMapper.shared().readTree(send(request));
    }

    private static String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
            return answer.body();
        } catch (IOException failure) {
            throw new AssertionError("no answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
