package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.page.Template;
import dev.latchkey.gateway.session.SessionSummary;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.PublicSessionId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/**
 * The gateway's own pages: HTML that works without script, with all values escaped. They are read when the gateway
 * starts, so that no request waits for a file.
 */
@Component
public final class Pages {

    private final Template signIn = Template.of("signin/sign-in.html");
    private final Template password = Template.of("signin/password.html");
    private final Template leaving = Template.of("signin/leaving.html");
    private final Template onward = Template.of("signin/onward.html");
    private final Template sessions = Template.of("signin/sessions.html");
    private final Template session = Template.of("signin/session.html");
    private final String stylesheet = Template.of("signin/latchkey.css").text();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final String root;

    Pages(EndpointPaths paths) {
        this.root = paths.relativeRoot();
    }

    String stylesheet() {
        return stylesheet;
    }

    /** The sign-in page. */
    public String signIn(SignInPage page) {
        Map<String, String> values = new HashMap<>();
        values.put("return", HtmlUtils.htmlEscape(page.returnPath()));
        page.attempt()
                .map(HtmlUtils::htmlEscape)
                .ifPresent(name ->
                        values.put("attempt", "<input type=\"hidden\" name=\"attempt\" value=\"" + name + "\">"));
        page.notice().ifPresent(notice -> values.put("notice", notice(notice)));
        page.error().map(HtmlUtils::htmlEscape).ifPresent(message -> {
            values.put("problem-title", "Error: ");
            values.put("alert", "<p class=\"alert\" role=\"alert\" id=\"problem\">" + message + "</p>");
            values.put("described", " aria-describedby=\"problem\"");
        });
        values.put("password", page.withPassword() ? password.fill(values) : "");
        values.put("choices", choices(page.choices()));
        return signIn.fill(values);
    }

    /** Leads on to a provider by itself, and by a link where a browser does not. */
    String leaving(ProviderSignOut.Next next) {
        return leaving.fill(Map.of(
                "label", HtmlUtils.htmlEscape(next.label()),
                "address", HtmlUtils.htmlEscape(next.address().toString())));
    }

    /** The page that leads a user who is signed in on to a provider, to sign in again. */
    String onceMore(String address) {
        return onward("Sign in once more", "<p>What you want to do needs a new sign-in.</p>", address);
    }

    /** Leads on by itself to where a form of these pages was to end. */
    String onward(String title, String address) {
        return onward(title, "", address);
    }

    private String onward(String title, String words, String address) {
        return onward.fill(Map.of("title", title, "words", words, "address", HtmlUtils.htmlEscape(address)));
    }

    private static String choices(List<SignInPage.Choice> choices) {
        return choices.stream()
                .map(choice -> "<a class=\"button choice\" href=\"" + HtmlUtils.htmlEscape(choice.address()) + "\">"
                        + HtmlUtils.htmlEscape("Sign in with " + choice.label()) + "</a>")
                .collect(Collectors.joining("\n"));
    }

    /**
     * The user's own sessions, with a button to end each.
     *
     * @param hasPassword whether the user can change their password here
     */
    String sessions(
            String userName,
            List<SessionSummary> sessions,
            PublicSessionId current,
            Optional<String> notice,
            boolean hasPassword) {
        String rows = sessions.stream().map(session -> row(session, current)).collect(Collectors.joining());
        return this.sessions.fill(Map.of(
                "name",
                HtmlUtils.htmlEscape(userName),
                "notice",
                notice.map(Pages::notice).orElse(""),
                "sessions",
                rows,
                "password",
                hasPassword ? "<a class=\"button quiet\" href=\"password\">Change password</a>" : "",
                "root",
                root));
    }

    private static String notice(String text) {
        return "<p class=\"notice\" role=\"status\">" + HtmlUtils.htmlEscape(text) + "</p>";
    }

    private String row(SessionSummary session, PublicSessionId current) {
        return this.session.fill(Map.of(
                "id", session.id().value(),
                "device", HtmlUtils.htmlEscape(session.client().userAgent()),
                "address", HtmlUtils.htmlEscape(session.client().address()),
                "bound", session.deviceBound() ? "<dt>Device</dt><dd>bound to it</dd>" : "",
                "here", session.id().equals(current) ? "<span class=\"here\">this one</span>" : "",
                "started", time(session.created()),
                "started-text", TIME.format(session.created()),
                "used", time(session.lastUsed()),
                "ends", time(session.expires())));
    }

    private static String time(Instant instant) {
        return "<time datetime=\"" + instant + "\">" + TIME.format(instant) + "</time>";
    }
}
