package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.DeviceBrowser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the OpenAPI document says of the gateway's endpoints is what they are. */
final class OpenApiIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final JsonMapper JSON = new JsonMapper();

    @RegisterExtension
    static final World WORLD = new World(TestProviders.properties(PROVIDER));

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    /** A method that none has gets the list of those that there are. */
    @Test
    void documentWhenComparedWithTheRoutesThenHasEachPathAndMethodAndNoOther() {
        JsonNode paths = document(WORLD.browser()).get("paths");
        Set<String> known = Arrays.stream(Endpoint.values())
                .map(endpoint -> EndpointPaths.DEFAULT.of(endpoint).substring("/auth".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(new TreeSet<>(paths.propertyNames())).isEqualTo(known);
        for (String path : known) {
            String concrete = path.replace("{provider}", "strict").replace("{sessionId}", "x");
            HttpResponse<String> answer = WORLD.browser()
                    .send(WORLD.browser().request("/auth" + concrete).method("PATCH", BodyPublishers.noBody()));
            Set<String> allowed = new TreeSet<>(List.of(answer.headers()
                    .firstValue("Allow")
                    .orElse("")
                    .toLowerCase(Locale.ROOT)
                    .split(", ", -1)));
            allowed.remove("head");
            assertThat(answer.statusCode()).as(path).isEqualTo(405);
            assertThat(new TreeSet<>(paths.get(path).propertyNames())).as(path).isEqualTo(allowed);
        }
    }

    @Test
    void documentWhenThePrefixMovesThenSaysSo() {
        try (Gateway moved = WORLD.startNode(Map.of("latchkey.paths.prefix", "/internal/login"))) {
            EndpointPaths paths = new EndpointPaths("/internal/login");
            JsonNode document = JSON.readTree(new Browser(moved.url(), paths)
                    .get(paths.of(Endpoint.OPENAPI))
                    .body());
            assertThat(document.at("/servers/0/url").asString()).isEqualTo("/internal/login");
        }
    }

    @Test
    void documentWhenItIsKnownAlreadyThenIsNotSentAgain() {
        Browser browser = WORLD.browser();
        String etag =
                browser.get("/auth/openapi.json").headers().firstValue("ETag").orElseThrow();
        assertThat(browser.send(browser.request("/auth/openapi.json").header("If-None-Match", etag))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void answersWhenTheyAreGivenThenAreAsTheDocumentSays() {
        JsonNode document = document(WORLD.browser());
        Map<String, HttpResponse<String>> answers = answers();
        ofPersons(answers);
        assertThat(answers.values().stream().map(HttpResponse::statusCode))
                .contains(200, 204, 303, 400, 401, 403, 404, 415);
        answers.forEach((operation, answer) -> assertDescribed(document, operation, answer));
    }

    @Test
    void answersWhenASessionIsBoundThenAreAsTheDocumentSays() {
        try (Gateway node = WORLD.startFreshNode(Map.of("latchkey.device-binding", "when-offered"))) {
            JsonNode document = document(new Browser(node.url()));
            Map<String, HttpResponse<String>> answers = boundAnswers(node);
            assertThat(answers.values().stream().map(HttpResponse::statusCode)).contains(200, 307, 401, 403);
            answers.forEach((operation, answer) -> assertDescribed(document, operation, answer));
        }
    }

    private static Map<String, HttpResponse<String>> boundAnswers(Gateway node) {
        Map<String, HttpResponse<String>> all = new HashMap<>();
        Browser nobody = new Browser(node.url());
        all.put("post /device/registration nobody", nobody.sendOnly(bodiless(nobody, "/auth/device/registration")));
        all.put("post /device/refresh nobody", nobody.sendOnly(bodiless(nobody, "/auth/device/refresh")));
        DeviceBrowser ada = DeviceBrowser.signedIn(new Browser(node.url()), "ada");
        all.put("post /device/registration malformed", ada.browser().sendOnly(ada.registration("no proof")));
        all.put("post /device/registration", ada.register());
        all.put("post /device/refresh challenged", ada.learn(ada.browser().send(ada.renewal(null))));
        all.put("post /device/refresh", ada.renew());
        HttpResponse<String> demanded = ada.browser().copy().post("/auth/sign-out?everywhere=true");
        all.put("post /sign-out demanded", demanded);
        String again = demanded.headers().firstValue("Location").orElseThrow();
        all.put("post /sign-out unproven", ada.browser().copy().post(again));
        return all;
    }

    private static HttpRequest.Builder bodiless(Browser browser, String path) {
        return browser.bare(path).POST(BodyPublishers.noBody());
    }

    /** A client whose tokens are bound to a key needs a proof wherever tokens count. */
    @Test
    void parametersWhenTokensCountThenAProofIsOneOfThem() {
        JsonNode paths = document(WORLD.browser()).get("paths");
        List.of(
                        "post /token",
                        "post /refresh",
                        "post /sign-out",
                        "get /session",
                        "get /sessions",
                        "delete /sessions/{sessionId}",
                        "post /sessions/{sessionId}/end",
                        "get /password",
                        "post /password")
                .forEach(operation -> {
                    String[] words = operation.split(" ", -1);
                    assertThat(stream(paths.path(words[1]).path(words[0]).path("parameters"))
                                    .map(parameter -> parameter.path("$ref").asString("")))
                            .as(operation)
                            .contains("#/components/parameters/DPoP");
                });
    }

    private static Map<String, HttpResponse<String>> answers() {
        Map<String, HttpResponse<String>> all = new HashMap<>();
        Browser ada = WORLD.browser();
        all.put("get /session nobody", ada.get("/auth/session"));
        all.put("get /session optional", ada.get("/auth/session?optional=true"));
        all.put("get /session unclear", ada.get("/auth/session?touch=x"));
        all.put("get /sessions nobody", ada.get("/auth/sessions"));
        all.put("get /sessions nobody page", ada.navigate("/auth/sessions"));
        all.put("get /sign-in", ada.navigate("/auth/sign-in"));
        all.put("post /sign-in wrong", ada.signIn("ada", "wrong"));
        all.put("post /sign-in", ada.signIn("ada", "ada"));
        all.put("post /sign-in text", post(ada, "/auth/sign-in", "text/plain", "x"));
        all.put("get /session", ada.get("/auth/session"));
        all.put("get /sessions", ada.get("/auth/sessions"));
        all.put("get /sessions page", ada.navigate("/auth/sessions"));
        all.put("delete /sessions/{sessionId} unknown", send(ada, "DELETE", "/auth/sessions/x"));
        all.put("post /sessions/{sessionId}/end unknown", ada.post("/auth/sessions/x/end"));
        all.put("get /password", ada.navigate("/auth/password"));
        all.put("get /password nobody", WORLD.browser().get("/auth/password"));
        all.put("get /password nobody page", WORLD.browser().navigate("/auth/password"));
        all.put("post /password", post(ada, "/auth/password", "application/json", "{}"));
        all.put("post /refresh", ada.post("/auth/refresh"));
        all.put("post /refresh nobody", WORLD.browser().post("/auth/refresh"));
        all.put("post /token wrong", post(ada, "/auth/token", "application/json", "{\"username\":1}"));
        String credentials = "{\"username\":\"bob\",\"password\":\"bob\"}";
        all.put("post /token", post(WORLD.browser(), "/auth/token", "application/json", credentials));
        String code = "{\"grant_type\":\"authorization_code\",\"code\":\"x\"}";
        all.put("post /token code", post(WORLD.browser(), "/auth/token", "application/json", code));
        atProviders(ada, all);
        all.put("get /assets/latchkey.css", ada.get("/auth/assets/latchkey.css"));
        all.put("get /openapi.json", ada.get("/auth/openapi.json"));
        all.put(
                "post /sign-out cross",
                ada.send(ada.bare("/auth/sign-out")
                        .header("Origin", "https://evil.example")
                        .POST(BodyPublishers.noBody())));
        all.put("post /sign-out", ada.post("/auth/sign-out"));
        all.put("post /sign-out form", post(ada, "/auth/sign-out?return=%2Fbye", FORM, ""));
        return all;
    }

    private static void ofPersons(Map<String, HttpResponse<String>> all) {
        Browser ada = WORLD.browser();
        all.put("post /sign-in person", submit(ada, "/auth/sign-in", "username=ada&password=ada"));
        all.put("post /sign-in person wrong", submit(WORLD.browser(), "/auth/sign-in", "username=ada&password=no"));
        all.put("post /sign-out person", submit(ada, "/auth/sign-out", ""));
    }

    private static void atProviders(Browser ada, Map<String, HttpResponse<String>> all) {
        all.put("get /providers/{provider} unknown", ada.navigate("/auth/providers/nobody"));
        all.put("get /providers/{provider}", WORLD.browser().navigate("/auth/providers/strict"));
        all.put("get /providers/{provider}/callback", ada.get("/auth/providers/strict/callback?state=x"));
        all.put(
                "post /providers/{provider}/logout",
                post(ada, "/auth/providers/strict/logout", FORM, "logout_token=x"));
        all.put("get /signed-out", ada.navigate("/auth/signed-out"));
        all.put("get /signed-out back", ada.navigate("/auth/signed-out?state=%2Fbye"));
    }

    private static HttpResponse<String> post(Browser browser, String path, String type, String body) {
        return browser.send(browser.request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    /** A person sends a form. */
    private static HttpResponse<String> submit(Browser browser, String path, String body) {
        return browser.send(browser.request(path)
                .header("Content-Type", FORM)
                .header("Sec-Fetch-Mode", "navigate")
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(Browser browser, String method, String path) {
        return browser.send(browser.request(path).method(method, BodyPublishers.noBody()));
    }

    private static JsonNode document(Browser browser) {
        return JSON.readTree(browser.get("/auth/openapi.json").body());
    }

    private static void assertDescribed(JsonNode document, String operation, HttpResponse<String> answer) {
        String[] words = operation.split(" ", -1);
        JsonNode response = resolved(
                document,
                document.get("paths")
                        .get(words[1])
                        .get(words[0])
                        .get("responses")
                        .path(Integer.toString(answer.statusCode())));
        assertThat(response.isMissingNode())
                .as(operation + " " + answer.statusCode())
                .isFalse();
        answer.headers()
                .firstValue("Location")
                .ifPresent(address -> assertDescribed(document, words, response, URI.create(address)));
        if (answer.body().isEmpty()) {
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        JsonNode content = response.path("content").path(type);
        assertThat(content.isMissingNode()).as(operation + " " + type).isFalse();
        if (type.endsWith("json")) {
            List<String> wrong = faults(document, content.get("schema"), JSON.readTree(answer.body()));
            assertThat(wrong).as(operation + " " + answer.body()).isEmpty();
        }
    }

    /** An answer that leads somewhere, and if that is the same place, by what parameters. */
    private static void assertDescribed(JsonNode document, String[] operation, JsonNode response, URI address) {
        assertThat(response.path("headers").has("Location")).as("Location").isTrue();
        if (address.getPath().equals("/auth" + operation[1]) && address.getRawQuery() != null) {
            List<String> names = stream(document.get("paths")
                            .get(operation[1])
                            .get(operation[0])
                            .get("parameters"))
                    .map(parameter -> resolved(document, parameter).get("name").asString())
                    .toList();
            assertThat(address.getRawQuery().split("&", -1))
                    .allMatch(parameter -> names.contains(parameter.replaceAll("=.*", "")));
        }
    }

    /** What of a body no schema describes: of several schemas, one must describe all. */
    private static List<String> faults(JsonNode document, JsonNode reference, JsonNode body) {
        JsonNode schema = resolved(document, reference);
        if (schema.has("anyOf")) {
            return stream(schema.get("anyOf"))
                    .map(choice -> faults(document, choice, body))
                    .min((one, other) -> one.size() - other.size())
                    .orElseThrow();
        }
        if (schema.has("const")) {
            return schema.get("const").equals(body) ? List.of() : List.of(body + " is not " + schema.get("const"));
        }
        return switch (schema.get("type").asString()) {
            case "string" -> string(schema, body);
            case "integer" -> body.isIntegralNumber() ? List.of() : List.of(body + " is no integer");
            case "boolean" -> body.isBoolean() ? List.of() : List.of(body + " is no boolean");
            case "array" ->
                stream(body)
                        .flatMap(item -> faults(document, schema.get("items"), item).stream())
                        .toList();
            default -> members(document, schema, body);
        };
    }

    private static List<String> string(JsonNode schema, JsonNode body) {
        boolean isTime = schema.has("format");
        return body.isString() && (!isTime || body.asString().matches("\\d{4}-.*T.*Z"))
                ? List.of()
                : List.of(body + " is no string");
    }

    private static List<String> members(JsonNode document, JsonNode schema, JsonNode body) {
        if (!schema.has("properties")) {
            return List.of();
        }
        Stream<String> missing = stream(schema.path("required"))
                .map(JsonNode::asString)
                .filter(name -> !body.has(name))
                .map(name -> name + " is missing");
        Stream<String> wrong = body.propertyNames().stream()
                .flatMap(name -> schema.get("properties").has(name)
                        ? faults(document, schema.get("properties").get(name), body.get(name)).stream()
                        : Stream.of(name + " is not described"));
        return Stream.concat(missing, wrong).toList();
    }

    private static JsonNode resolved(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
