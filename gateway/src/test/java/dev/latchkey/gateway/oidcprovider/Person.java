package dev.latchkey.gateway.oidcprovider;

import static dev.latchkey.gateway.testing.BrowserAtProvider.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.BrowserAtProvider;
import dev.latchkey.gateway.testing.World;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Someone at a browser, who fills in the provider's pages: a name on the first, consent on the second. */
final class Person {

    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final Pattern PROMPT = Pattern.compile("name=\"prompt\" value=\"([a-z]+)\"");
    private static final Pattern XSRF = Pattern.compile("name=\"xsrf\" value=\"([^\"]+)\"");
    private static final int MOST_HOPS = 12;
    private static final int OK = 200;

    private final String name;
    private final Browser browser;
    private final BrowserAtProvider atProvider = new BrowserAtProvider();

    /** @param node where the gateway is */
    Person(String name, String node) {
        this.name = name;
        this.browser = new Browser(node);
    }

    Browser browser() {
        return browser;
    }

    /** Signs in, and ends on the page that was asked for. */
    Person signIn(String provider) {
        HttpResponse<String> back = visit("/auth/providers/" + provider + "?return=%2Fapi%2Fx");
        assertThat(back.statusCode()).as(back.body()).isEqualTo(303);
        assertThat(location(back)).hasToString("/api/x");
        return this;
    }

    /** Goes to an address here that leads to the provider, and comes back: the answer to the callback. */
    HttpResponse<String> visit(String start) {
        HttpResponse<String> answer = browser.navigate(start);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        String back = follow(location(answer)).toString();
        return browser.navigate(back.substring(World.ORIGIN.length()));
    }

    /** Signs out at the provider, without the gateway. */
    void signOutAt(OidcProvider provider) {
        HttpResponse<String> page = atProvider.get(URI.create(provider.issuer() + "/session/end"));
        HttpResponse<String> done = atProvider.post(
                URI.create(found(ACTION, page.body())), Map.of("xsrf", found(XSRF, page.body()), "logout", "yes"));
        assertThat(done.statusCode()).isEqualTo(303);
    }

    /** Follows redirects and fills in pages until the provider leads back to the gateway. */
    private URI follow(URI start) {
        URI next = start;
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            HttpResponse<String> answer = atProvider.get(next);
            if (answer.statusCode() == OK) {
                answer = atProvider.post(
                        URI.create(found(ACTION, answer.body())), answers(found(PROMPT, answer.body())));
            }
            next = next.resolve(location(answer));
            if (next.toString().startsWith(World.ORIGIN + "/")) {
                return next;
            }
        }
        throw new AssertionError("it leads nowhere: " + next);
    }

    private Map<String, String> answers(String prompt) {
        return prompt.equals("login")
                ? Map.of("prompt", prompt, "login", name, "password", name)
                : Map.of("prompt", prompt);
    }

    private static String found(Pattern pattern, String page) {
        Matcher matcher = pattern.matcher(page);
        assertThat(matcher.find()).as("%s in %s", pattern, page).isTrue();
        return matcher.group(1);
    }
}
