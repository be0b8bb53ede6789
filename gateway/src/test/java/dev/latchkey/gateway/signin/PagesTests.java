package dev.latchkey.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.SessionSummary;
import dev.latchkey.gateway.signin.SignInPage.Choice;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.PublicSessionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PagesTests {

    private static final String HOSTILE = "\"><script>alert('x')</script>{{name}}$1";
    private static final PublicSessionId HERE = new PublicSessionId("012345678901234567890A");
    private static final PublicSessionId THERE = new PublicSessionId("abcdefghijklmnopqrstuQ");
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final Pages pages = new Pages(EndpointPaths.DEFAULT);

    @Test
    void signInWhenValuesAreHostileThenEscaped() {
        String page = pages.signIn(new SignInPage(
                HOSTILE,
                Optional.of(HOSTILE),
                Optional.of(HOSTILE),
                Optional.of(HOSTILE),
                true,
                List.of(new Choice(HOSTILE, HOSTILE))));
        assertThat(page).doesNotContain("<script").contains("&quot;&gt;&lt;script&gt;", "{{name}}$1");
    }

    @Test
    void signInWhenThereIsAnErrorThenAnnouncedAndTiedToTheFields() {
        String page = pages.signIn(page(Optional.of("No"), true));
        assertThat(page)
                .contains("role=\"alert\" id=\"problem\">No<", "aria-describedby=\"problem\"", "<title>Error: ");
        assertThat(pages.signIn(page(Optional.empty(), true))).doesNotContain("alert", "describedby", "Error");
    }

    @Test
    void signInWhenNoPasswordIsAcceptedThenNoFormAndAChoiceOfProviders() {
        String page = pages.signIn(page(Optional.empty(), false));
        assertThat(page)
                .doesNotContain("<form", "<input")
                .contains("<a class=\"button choice\" href=\"providers/kc?return=%2F\">Sign in with Our Keycloak</a>");
    }

    private static SignInPage page(Optional<String> error, boolean withPassword) {
        return new SignInPage(
                "/",
                Optional.empty(),
                Optional.empty(),
                error,
                withPassword,
                List.of(new Choice("Our Keycloak", "providers/kc?return=%2F")));
    }

    @Test
    void sessionsWhenListedThenEachHasItsOwnButtonAndOneIsThisOne() {
        String page = pages.sessions(
                "ada",
                List.of(session(HERE, "Firefox on Linux"), session(THERE, "curl")),
                HERE,
                Optional.empty(),
                false);
        assertThat(page)
                .contains(
                        "action=\"sessions/" + HERE.value() + "/end\"",
                        "action=\"sessions/" + THERE.value() + "/end\"",
                        "End the session on curl, started 1 Mar 2026, 10:00 UTC",
                        "<dt>Device</dt><dd>bound to it</dd>",
                        "datetime=\"2026-03-01T10:00:00Z\"");
        assertThat(page.split("this one", -1)).hasSize(2);
    }

    @Test
    void sessionsWhenThePathsAreMovedThenTheWayBackLeadsToTheRoot() {
        assertThat(pages.sessions("ada", List.of(), HERE, Optional.empty(), false))
                .contains("href=\"../\"");
        assertThat(new Pages(new EndpointPaths("/internal/login"))
                        .sessions("ada", List.of(), HERE, Optional.empty(), false))
                .contains("href=\"../../\"");
    }

    @Test
    void sessionsWhenValuesAreHostileThenEscaped() {
        String page = pages.sessions(HOSTILE, List.of(session(HERE, HOSTILE)), HERE, Optional.empty(), false);
        assertThat(page).doesNotContain("<script");
    }

    @Test
    void pagesWhenMadeThenNothingInlineThatThePolicyWouldStop() {
        String both = pages.signIn(page(Optional.of("x"), true))
                + pages.sessions("ada", List.of(session(HERE, "x")), HERE, Optional.empty(), false);
        assertThat(both)
                .doesNotContain("style=", "<style", "onclick", "javascript:")
                .doesNotContainPattern("\\{\\{");
    }

    private static SessionSummary session(PublicSessionId id, String device) {
        return new SessionSummary(
                id,
                START,
                START.plusSeconds(60),
                START.plusSeconds(3600),
                new ClientFacts(device, "203.0.113.9"),
                true);
    }
}
