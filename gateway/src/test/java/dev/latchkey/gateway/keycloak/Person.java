package dev.latchkey.gateway.keycloak;

import static dev.latchkey.gateway.testing.BrowserAtProvider.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.BrowserAtProvider;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody at a browser without scripts, who follows redirects and fills in the forms of Keycloak. */
final class Person {

    private static final Pattern FORM = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final Pattern SESSION_CODE = Pattern.compile("name=\"session_code\" value=\"([^\"]+)\"");
    private static final Pattern REFRESH = Pattern.compile("http-equiv=\"refresh\" content=\"0; url=([^\"]+)\"");
    private static final int MOST_PAGES = 10;

    private final KeycloakWorld world;
    private final Browser browser;
    private final BrowserAtProvider elsewhere = new BrowserAtProvider();

    Person(KeycloakWorld world, Browser browser) {
        this.world = world;
        this.browser = browser;
    }

    /** Before the first node. */
    Browser browser() {
        return browser;
    }

    /** Goes to a page that wants to know who it is, signs in, and is where they wanted to be. */
    Person signIn(String user) {
        HttpResponse<String> page = visit("/api/x", user);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return this;
    }

    /**
     * Follows a link, whatever is asked at Keycloak on the way.
     *
     * @param user as whom a form is filled in; the password is the name
     */
    HttpResponse<String> visit(String path, String user) {
        HttpResponse<String> answer = browser.navigate(path);
        Optional<URI> next = onward(answer);
        for (int pages = 0; pages < MOST_PAGES && next.isPresent(); pages++) {
            answer = browser.navigate(isAtKeycloak(next.get()) ? atKeycloak(next.get(), user) : pathOf(next.get()));
            next = onward(answer);
        }
        return answer;
    }

    /** Goes to Keycloak, and fills in what it asks for until it leads back here: path and query. */
    String atKeycloak(URI address, String user) {
        HttpResponse<String> answer = get(address);
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            if (isRedirect(answer) && !isAtKeycloak(location(answer))) {
                return pathOf(location(answer));
            }
            answer = isRedirect(answer) ? get(location(answer)) : fill(answer, user);
        }
        throw new AssertionError("goes round in circles: " + answer.body());
    }

    /** Whether Keycloak knows nobody at this browser. */
    boolean mustSignIn() {
        HttpResponse<String> page = get(location(browser.navigate("/auth/providers/" + KeycloakWorld.PROVIDER)));
        for (int pages = 0; pages < MOST_PAGES && isRedirect(page) && isAtKeycloak(location(page)); pages++) {
            page = get(location(page));
        }
        return page.statusCode() == 200 && page.body().contains("name=\"password\"");
    }

    /** Signs out at Keycloak itself, which asks whether that is meant. */
    void logOutAtKeycloak() {
        HttpResponse<String> question = get(URI.create(world.issuer() + "/protocol/openid-connect/logout"));
        Matcher code = SESSION_CODE.matcher(question.body());
        assertThat(code.find()).as(question.body()).isTrue();
        HttpResponse<String> answer = send(question, Map.of("confirmLogout", "Logout", "session_code", code.group(1)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private HttpResponse<String> fill(HttpResponse<String> page, String user) {
        return send(page, Map.of("username", user, "password", user));
    }

    private HttpResponse<String> send(HttpResponse<String> page, Map<String, String> fields) {
        Matcher form = FORM.matcher(page.body());
        assertThat(form.find())
                .as("a form in " + page.statusCode() + " " + page.body())
                .isTrue();
        return elsewhere.post(page.uri().resolve(form.group(1).replace("&amp;", "&")), fields);
    }

    HttpResponse<String> get(URI address) {
        return elsewhere.get(address);
    }

    /** Where a redirect, or a page that does the same, leads to. */
    private static Optional<URI> onward(HttpResponse<String> answer) {
        Matcher refresh = REFRESH.matcher(answer.body());
        return isRedirect(answer)
                ? Optional.of(location(answer))
                : Optional.of(refresh)
                        .filter(Matcher::find)
                        .map(found -> URI.create(found.group(1).replace("&amp;", "&")));
    }

    private boolean isAtKeycloak(URI address) {
        return address.toString().startsWith(world.issuer() + "/");
    }

    private static boolean isRedirect(HttpResponse<String> answer) {
        return answer.statusCode() == 302 || answer.statusCode() == 303;
    }

    private static String pathOf(URI address) {
        return address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
    }
}
