package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers that come late: what they may still set, and what they must not touch. */
final class SlowAnswersIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final String IN_FLIGHT = "latchkey_rotations_in_flight";

    @Test
    void lateAnswerWhenItsGenerationIsStillTheNewestThenSetsItsTokens() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        CompletableFuture<HttpResponse<String>> slow = held(browser, "one");
        WORLD.clock().advanceSeconds(2);
        HttpResponse<String> answer = release(slow, "one");
        assertThat(Browser.cookiesOf(answer)).containsExactly("latchkey-access", "latchkey-refresh-0");
        browser.keep(answer);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void lateAnswerWhenItsBranchWasOvertakenThenSetsNothing() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        CompletableFuture<HttpResponse<String>> slow = held(browser, "two");
        browser.get("/api/x");
        WORLD.expireAccessToken();
        browser.get("/api/x");
        assertThat(WORLD.generationOf(browser)).isEqualTo(3);
        HttpResponse<String> late = release(slow, "two");
        assertThat(late.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(late)).isEmpty();
    }

    @Test
    void lateAnswerWhenItsSiblingWasUsedLongAgoThenSetsNothing() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        CompletableFuture<HttpResponse<String>> slow = held(browser, "three");
        browser.get("/api/x");
        browser.get("/api/confirms");
        WORLD.awaitConfirmed(browser, 2);
        WORLD.clock().advance(World.GRACE.plusSeconds(1));
        assertThat(Browser.cookiesOf(release(slow, "three"))).isEmpty();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void answerUnderWayWhenSignedOutThenSetsNothing() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        CompletableFuture<HttpResponse<String>> slow = held(browser, "four");
        WORLD.clock().advanceSeconds(2);
        assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);
        assertThat(browser.jar()).isEmpty();
        assertThat(Browser.cookiesOf(release(slow, "four"))).isEmpty();
    }

    @Test
    void answerUnderWayWhenSignedInOverThenSetsNothingAndTheNewSessionLives() {
        Browser browser = WORLD.signedIn("ada");
        Browser old = browser.copy();
        WORLD.expireAccessToken();
        CompletableFuture<HttpResponse<String>> slow = held(browser, "five");
        WORLD.clock().advanceSeconds(2);
        assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(200);
        HttpResponse<String> late = release(slow, "five");
        assertThat(Browser.cookiesOf(late)).isEmpty();
        HttpResponse<String> refused = old.get("/api/x");
        assertThat(refused.statusCode()).isEqualTo(401);
        browser.keep(refused);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void rotationWhenItsClientGoesAwayThenTheOthersAreServed() {
        try (Gateway node = WORLD.startPatientNode()) {
            Browser browser = WORLD.signedIn("ada").at(node.url());
            WORLD.expireAccessToken();
            CompletableFuture<HttpResponse<String>> staying = besideOneThatLeaves(browser, node);
            assertThat(staying.join().statusCode()).isEqualTo(200);
            assertThat(browser.get("/api/c").statusCode()).isEqualTo(200);
            assertThat(WORLD.generationOf(browser)).isEqualTo(2);
        }
    }

    /** A request whose rotation another one began, which was given up while Redis stood still. */
    private static CompletableFuture<HttpResponse<String>> besideOneThatLeaves(Browser browser, Gateway node) {
        Operator operator = new Operator(node.managementUrl());
        WORLD.redis().pause();
        try {
            CompletableFuture<HttpResponse<String>> leaving =
                    browser.sendLater(browser.request("/api/a").GET());
            await().atMost(Duration.ofSeconds(10)).until(() -> operator.meter(IN_FLIGHT) == 1);
            CompletableFuture<HttpResponse<String>> staying =
                    browser.sendLater(browser.request("/api/b").GET());
            leaving.cancel(true);
            assertThat(operator.meter(IN_FLIGHT)).as("it goes on").isEqualTo(1);
            return staying;
        } finally {
            WORLD.redis().resume();
        }
    }

    private static CompletableFuture<HttpResponse<String>> held(Browser browser, String name) {
        CompletableFuture<HttpResponse<String>> answer =
                browser.sendLater(browser.request("/api/hold/" + name).GET());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> WORLD.backend().received().stream()
                        .anyMatch(request -> request.path().endsWith("/hold/" + name)));
        return answer;
    }

    private static HttpResponse<String> release(CompletableFuture<HttpResponse<String>> answer, String name) {
        WORLD.backend().release(name);
        return answer.join();
    }
}
