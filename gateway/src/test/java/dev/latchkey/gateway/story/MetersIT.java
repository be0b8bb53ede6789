package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is counted and timed, as Prometheus reads it; each test looks at what it adds. */
final class MetersIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What a held answer waits for: much longer than a client needs for itself. */
    private static final int LOOKS = 40;

    private static final String IN_FLIGHT = "latchkey_rotations_in_flight";
    private static final String OVERHEAD = "latchkey_gateway_overhead_seconds_sum{outcome=\"forwarded\"}";
    private static final String FORWARDED = "latchkey_gateway_overhead_seconds_count{outcome=\"forwarded\"}";
    private static final String ANSWERED = "latchkey_gateway_overhead_seconds_count{outcome=\"answered\"}";

    private final Operator operator = WORLD.operator();

    @Test
    void rotationsWhenTransparentAndExplicitThenCountedByRowAndCause() {
        double rotated = rotations("rotated", "transparent");
        double replayed = rotations("replayed", "transparent");
        double explicit = rotations("rotated", "explicit");
        double unknown = rotations("unknown", "explicit");
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        Map<String, String> old = browser.jar();
        browser.get("/api/x");
        browser.putBack(old);
        browser.get("/api/x");
        WORLD.expireAccessToken();
        browser.post("/auth/refresh");
        WORLD.redis().flush();
        browser.post("/auth/refresh");
        assertThat(rotations("rotated", "transparent")).isEqualTo(rotated + 1);
        assertThat(rotations("replayed", "transparent")).isEqualTo(replayed + 1);
        assertThat(rotations("rotated", "explicit")).isEqualTo(explicit + 1);
        assertThat(rotations("unknown", "explicit")).isEqualTo(unknown + 1);
    }

    /** A node whose denylist is stale asks Redis and verifies the token again: then there is more than one hit. */
    @Test
    void cachesWhenASessionIsKnownThenHits() {
        Browser browser = WORLD.signedIn("ada");
        browser.get("/api/x");
        for (String cache : List.of("access.tokens", "identity.tokens", "confirmed.generations")) {
            double hits = gets(cache, "hit");
            double misses = gets(cache, "miss");
            browser.get("/api/x");
            assertThat(gets(cache, "hit")).as("hits of " + cache).isGreaterThan(hits);
            assertThat(gets(cache, "miss")).as("misses of " + cache).isEqualTo(misses);
        }
    }

    private double gets(String cache, String result) {
        return operator.meter("cache_gets_total{cache=\"latchkey.%s\",result=\"%s\"}".formatted(cache, result));
    }

    @Test
    void rotationsWhenManyRequestsShareOneThenOneIsInFlightAndOneIsCounted() {
        try (Gateway node = WORLD.startPatientNode()) {
            Operator own = new Operator(node.managementUrl());
            Browser browser = WORLD.signedIn("ada").at(node.url());
            WORLD.expireAccessToken();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            WORLD.redis().pause();
            try {
                for (int i = 0; i < 5; i++) {
                    answers.add(browser.sendLater(browser.request("/api/x").GET()));
                }
                await().atMost(LIMIT).until(() -> own.meter(IN_FLIGHT) == 1);
            } finally {
                WORLD.redis().resume();
            }
            answers.forEach(answer -> assertThat(answer).succeedsWithin(LIMIT).returns(200, HttpResponse::statusCode));
            await().atMost(LIMIT).until(() -> own.meter(IN_FLIGHT) == 0);
            assertThat(rotations(own, "rotated", "transparent")).isEqualTo(1);
        }
    }

    @Test
    void admissionsWhenRoutesAreAskedForThenCountedByOutcome() {
        Map<String, Double> before = admissions();
        Browser browser = WORLD.signedIn("ada");
        browser.get("/api/x");
        WORLD.browser().get("/api/x");
        WORLD.browser().get("/open/x");
        browser.send(browser.bare("/api/x")
                .header("Cookie", "latchkey-access=a; latchkey-access=b")
                .GET());
        Map<String, Double> after = admissions();
        assertThat(after.get("identified")).isEqualTo(before.get("identified") + 1);
        assertThat(after.get("sign-in")).isEqualTo(before.get("sign-in") + 1);
        assertThat(after.get("public")).isEqualTo(before.get("public") + 1);
        assertThat(after.get("refused")).isEqualTo(before.get("refused") + 1);
    }

    @Test
    void signInsWhenRightAndWrongThenCountedByOutcome() {
        double started = signIns("started");
        double wrong = signIns("wrong");
        WORLD.signedIn("ada");
        WORLD.browser().signIn("ada", "no");
        WORLD.browser().signIn("nobody", "no");
        assertThat(signIns("started")).isEqualTo(started + 1);
        assertThat(signIns("wrong")).isEqualTo(wrong + 2);
    }

    @Test
    void overheadWhenTheBackendIsSlowThenWithoutTheWait() {
        Browser browser = WORLD.signedIn("ada");
        double before = operator.meter(OVERHEAD);
        double count = operator.meter(FORWARDED);
        WORLD.backend().forget();
        long start = System.nanoTime();
        CompletableFuture<HttpResponse<String>> answer =
                browser.sendLater(browser.request("/api/hold/overhead").GET());
        await().atMost(LIMIT).until(() -> !WORLD.backend().received().isEmpty());
        long arrived = System.nanoTime();
        for (int look = 0; look < LOOKS; look++) {
            operator.meters();
        }
        assertThat(answer).isNotDone();
        double held = seconds(System.nanoTime() - arrived);
        WORLD.backend().release("overhead");
        assertThat(answer).succeedsWithin(LIMIT);
        double total = seconds(System.nanoTime() - start);
        assertThat(operator.meter(FORWARDED)).isEqualTo(count + 1);
        assertThat(operator.meter(OVERHEAD) - before).isPositive().isLessThan(total - held);
    }

    @Test
    void overheadWhenNoBackendIsAskedThenOfTheWholeAnswer() {
        double answered = operator.meter(ANSWERED);
        double forwarded = operator.meter(FORWARDED);
        WORLD.browser().get("/api/x");
        WORLD.browser().get("/auth/sign-in");
        await().atMost(LIMIT).until(() -> operator.meter(ANSWERED) == answered + 2);
        assertThat(operator.meter(FORWARDED)).isEqualTo(forwarded);
    }

    @Test
    void problemsWhenRequestsAreRefusedThenCountedByName() {
        double unauthenticated = problems("unauthenticated");
        double notFound = problems("not-found");
        double malformed = problems("malformed-request");
        WORLD.browser().get("/api/x");
        WORLD.browser().get("/auth/session");
        WORLD.browser().get("/nowhere");
        WORLD.browser().get("/api/..%2fx");
        assertThat(problems("unauthenticated")).isEqualTo(unauthenticated + 2);
        assertThat(problems("not-found")).isEqualTo(notFound + 1);
        assertThat(problems("malformed-request")).isEqualTo(malformed + 1);
    }

    @Test
    void metersWhenAllIsSaidThenTheFrameworksCostlyOnesAreNotThere() {
        WORLD.signedIn("ada").get("/api/x");
        assertThat(operator.meters())
                .contains("jvm_memory_used_bytes")
                .doesNotContain("http_server_requests", "http_client_requests", "spring_cloud_gateway", "lettuce");
    }

    @Test
    void metersWhenAllIsSaidThenNothingOfUsersAndTokensIsThere() {
        Browser browser = WORLD.signedIn("ada");
        browser.get("/api/x");
        WORLD.browser()
                .send(browser.bare("/auth/token")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"username\":\"grace-hopper\",\"password\":\"sesame\"}")));
        assertThat(operator.meters())
                .doesNotContain("grace-hopper", "sesame", "\"ada\"", WORLD.sessionOf(browser), "/api/x");
    }

    private double rotations(String row, String cause) {
        return rotations(operator, row, cause);
    }

    private static double rotations(Operator ofNode, String row, String cause) {
        return ofNode.meter("latchkey_rotations_total{cause=\"%s\",row=\"%s\"}".formatted(cause, row));
    }

    private double signIns(String outcome) {
        return operator.meter("latchkey_sign_ins_total{outcome=\"" + outcome + "\"}");
    }

    private double problems(String name) {
        return operator.meter("latchkey_problems_total{problem=\"" + name + "\"}");
    }

    private Map<String, Double> admissions() {
        return Map.of(
                "identified", admissions("identified"),
                "sign-in", admissions("sign-in"),
                "public", admissions("public"),
                "refused", admissions("refused"));
    }

    private double admissions(String outcome) {
        return operator.meter("latchkey_admissions_total{outcome=\"" + outcome + "\"}");
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
