package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many requests at once with one expired pair: all of them get through, and the session takes one step. */
final class ParallelRequestsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void twoHundredRequestsWhenTheirPairHasExpiredThenAllPassInOneStep() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        List<HttpResponse<String>> answers = sendAll(browser, 200);
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(2);
        assertThat(refreshCookiesOf(answers)).containsExactly("latchkey-refresh-0");
        answers.forEach(browser::keep);
        assertThat(browser.get("/api/after").statusCode()).isEqualTo(200);
        assertThat(WORLD.generationOf(browser)).isEqualTo(2);
    }

    @Test
    void parallelRequestsWhenOnTwoNodesThenStillOneStep() {
        Browser here = WORLD.signedIn("ada");
        try (Gateway second = WORLD.startNode()) {
            Browser there = here.at(second.url());
            WORLD.expireAccessToken();
            List<HttpResponse<String>> answers = IntStream.range(0, 50)
                    .boxed()
                    .map(number -> number % 2 == 0 ? here : there)
                    .map(node -> node.sendLater(node.request("/api/x").GET()))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
            assertThat(WORLD.generationOf(here)).isEqualTo(2);
        }
    }

    private static List<HttpResponse<String>> sendAll(Browser browser, int count) {
        List<CompletableFuture<HttpResponse<String>>> underWay = IntStream.range(0, count)
                .mapToObj(number ->
                        browser.sendLater(browser.request("/api/" + number).GET()))
                .toList();
        return underWay.stream().map(CompletableFuture::join).toList();
    }

    private static Set<String> refreshCookiesOf(List<HttpResponse<String>> answers) {
        return answers.stream()
                .flatMap(answer -> Browser.cookiesOf(answer).stream())
                .filter(cookie -> cookie.contains("refresh"))
                .collect(Collectors.toSet());
    }
}
