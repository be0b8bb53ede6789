package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.session.SessionSummary;
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
import org.springframework.web.util.HtmlUtils;

/** The gateway's own pages: HTML that works without script, everything variable in it escaped. */
final class Pages {

    private static final Template SIGN_IN = Template.of("sign-in.html");
    private static final Template SESSIONS = Template.of("sessions.html");
    private static final Template SESSION = Template.of("session.html");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Pages() {}

    /**
     * The sign-in page.
     *
     * @param error why the last attempt was refused
     */
    static String signIn(String returnPath, Optional<String> error) {
        Map<String, String> values = new HashMap<>();
        values.put("return", HtmlUtils.htmlEscape(returnPath));
        error.map(HtmlUtils::htmlEscape).ifPresent(message -> {
            values.put("problem-title", "Error: ");
            values.put("alert", "<p class=\"alert\" role=\"alert\" id=\"problem\">" + message + "</p>");
            values.put("described", " aria-describedby=\"problem\"");
        });
        return SIGN_IN.fill(values);
    }

    /** The user's own sessions, with a button to end each. */
    static String sessions(String userName, List<SessionSummary> sessions, PublicSessionId current) {
        String rows =
                sessions.stream().map(it -> row(it, it.id().equals(current))).collect(Collectors.joining());
        return SESSIONS.fill(Map.of("name", HtmlUtils.htmlEscape(userName), "sessions", rows));
    }

    private static String row(SessionSummary session, boolean current) {
        return SESSION.fill(Map.of(
                "id", session.id().value(),
                "device", HtmlUtils.htmlEscape(session.client().userAgent()),
                "address", HtmlUtils.htmlEscape(session.client().address()),
                "here", current ? "<span class=\"here\">this one</span>" : "",
                "started", time(session.created()),
                "started-text", TIME.format(session.created()),
                "used", time(session.lastUsed()),
                "ends", time(session.expires())));
    }

    private static String time(Instant instant) {
        return "<time datetime=\"" + instant + "\">" + TIME.format(instant) + "</time>";
    }
}
