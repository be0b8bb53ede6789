package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** A person at a browser, who is sent to a provider and back. */
final class Visitor {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final Browser browser;

    Visitor(Browser browser) {
        this.browser = browser;
    }

    Browser browser() {
        return browser;
    }

    /** Begins to sign in: the address at the provider. */
    URI begin(String start) {
        HttpResponse<String> answer = browser.navigate(start);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return location(answer);
    }

    /** What the provider at that address has the browser ask for here: path and query. */
    static String atProvider(URI address) {
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofSeconds(20))
                    .build();
            URI back = location(CLIENT.send(request, BodyHandlers.ofString()));
            assertThat(back.toString()).startsWith(World.ORIGIN + "/");
            return back.toString().substring(World.ORIGIN.length());
        } catch (IOException failure) {
            throw new AssertionError("no answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** Begins, passes the provider, and comes back: the answer to the callback. */
    HttpResponse<String> signIn(String start) {
        return browser.navigate(atProvider(begin(start)));
    }

    static URI location(HttpResponse<?> answer) {
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no Location, but " + answer.statusCode() + answer.body())));
    }

    List<String> attempts() {
        return browser.jar().keySet().stream()
                .filter(name -> name.startsWith("latchkey-attempt-"))
                .toList();
    }
}
