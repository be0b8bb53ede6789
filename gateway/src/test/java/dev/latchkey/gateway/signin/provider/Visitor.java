package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.BrowserAtProvider;
import dev.latchkey.gateway.testing.World;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;

/** A person at a browser, who is sent to a provider and back. */
public final class Visitor {

    private final Browser browser;

    public Visitor(Browser browser) {
        this.browser = browser;
    }

    public Browser browser() {
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
        URI back = location(new BrowserAtProvider().get(address));
        assertThat(back.toString()).startsWith(World.ORIGIN + "/");
        return back.toString().substring(World.ORIGIN.length());
    }

    /** Begins, passes the provider, and comes back: the answer to the callback. */
    public HttpResponse<String> signIn(String start) {
        return browser.navigate(atProvider(begin(start)));
    }

    static URI location(HttpResponse<?> answer) {
        return BrowserAtProvider.location(answer);
    }

    /** Where a page leads on to: no redirect, as a form may have begun them, and its page's policy would stop one. */
    static String onward(HttpResponse<String> page) {
        assertThat(page.statusCode()).as("a page").isEqualTo(200);
        assertThat(page.body()).contains("<h1>Sign in once more</h1>").doesNotContain("<script");
        return page.body()
                .replaceAll("(?s).*http-equiv=\"refresh\" content=\"0; url=([^\"]*)\".*", "$1")
                .replace("&amp;", "&");
    }

    List<String> attempts() {
        return browser.jar().keySet().stream()
                .filter(name -> name.startsWith("latchkey-attempt-"))
                .toList();
    }
}
