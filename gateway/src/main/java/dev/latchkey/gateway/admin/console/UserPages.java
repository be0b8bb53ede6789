package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.admin.Explanation;
import dev.latchkey.gateway.admin.Verdict;
import dev.latchkey.gateway.admin.console.ConsolePages.Tab;
import dev.latchkey.gateway.admin.console.ConsolePages.View;
import dev.latchkey.gateway.page.Template;
import dev.latchkey.gateway.session.records.SessionState;
import dev.latchkey.gateway.session.records.SessionState.Live;
import dev.latchkey.gateway.token.Subject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** What an operator sees of users and their sessions. */
@Component
@Conditional(AdminSetting.Present.class)
final class UserPages {

    private static final String NO_SESSIONS =
            "    <p>No session of this user is known: none is live, and none of those that"
                    + " ended would still be live today.</p>\n";

    private static final String ENDED = "The session was ended.";
    private static final String NONE_LIVE = "No session of this user is live any more.";

    private final ConsolePages pages;
    private final Template search = Template.of("admin/console/search.html");
    private final Template lookup = Template.of("admin/console/lookup.html");
    private final Template session = Template.of("admin/console/session.html");
    private final Template end = Template.of("admin/console/end.html");
    private final Template endAll = Template.of("admin/console/end-all.html");

    UserPages(ConsolePages pages) {
        this.pages = pages;
    }

    /** Where an operator begins. */
    String start(View view) {
        return pages.page(
                view,
                Tab.USERS,
                "Users",
                search(view, "")
                        + lookup.fill(Map.of(
                                "root",
                                view.root(),
                                "form-token",
                                view.operator().formToken())));
    }

    private String search(View view, String user) {
        return search.fill(Map.of("root", view.root(), "user", HtmlUtils.htmlEscape(user)));
    }

    /**
     * The sessions of a user.
     *
     * @param isAfterEnd whether the operator comes from ending all, by what the address says: the page repeats only
     *     what is to be seen
     * @param events below, as HTML
     */
    String sessions(View view, Subject user, List<SessionState> sessions, boolean isAfterEnd, String events) {
        boolean isLive = sessions.stream().anyMatch(SessionState::isLive);
        String content = (isAfterEnd && !isLive ? notice(NONE_LIVE) : "")
                + search(view, user.value())
                + (sessions.isEmpty() ? NO_SESSIONS : list(view, sessions))
                + (isLive
                        ? endAll.fill(Map.of(
                                "root", view.root(),
                                "form-token", view.operator().formToken(),
                                "user", HtmlUtils.htmlEscape(user.value())))
                        : "")
                + events;
        return pages.page(view, Tab.USERS, "Sessions of " + user.value(), content);
    }

    /**
     * One session.
     *
     * @param isAfterEnd as {@link #sessions}
     */
    String session(View view, SessionState shown, boolean isAfterEnd, String events) {
        boolean isEnded = shown.state() == SessionState.State.ENDED;
        String owner = shown.subject()
                .map(user -> "    <p><a href=\"" + view.root() + "/users?user=" + parameter(user.value())
                        + "\">All sessions of " + HtmlUtils.htmlEscape(user.value()) + "</a></p>\n")
                .orElse("");
        return pages.page(
                view,
                Tab.USERS,
                "Session " + shown.id().value(),
                (isAfterEnd && isEnded ? notice(ENDED) : "") + list(view, List.of(shown)) + owner + events);
    }

    /** What is known of a token. */
    String explanation(View view, Explanation explanation) {
        List<Map.Entry<String, String>> facts = new ArrayList<>();
        facts.add(Map.entry("Kind", words(explanation.kind())));
        Verdict verdict = explanation.verdict();
        facts.add(Map.entry(verdict.isDenied() ? "Denied" : "Verdict", words(verdict.why())));
        verdict.detail().ifPresent(detail -> facts.add(Map.entry("Reason", HtmlUtils.htmlEscape(detail))));
        verdict.since().ifPresent(since -> facts.add(Map.entry("Since", ConsolePages.time(since))));
        verdict.until().ifPresent(until -> facts.add(Map.entry("Until", ConsolePages.time(until))));
        explanation.subject().ifPresent(user -> facts.add(Map.entry("User", HtmlUtils.htmlEscape(user.value()))));
        explanation.token().ifPresent(token -> {
            facts.add(Map.entry("Issued", ConsolePages.time(token.issuedAt())));
            facts.add(Map.entry("Expires", ConsolePages.time(token.expiresAt())));
            facts.add(Map.entry("Generation", Integer.toString(token.generation())));
            facts.add(Map.entry("Roles", HtmlUtils.htmlEscape(String.join(", ", token.roles()))));
            token.boundTo().ifPresent(key -> facts.add(Map.entry("Bound to the key", HtmlUtils.htmlEscape(key))));
        });
        explanation.thisNode().ifPresent(says -> facts.add(Map.entry("This node", words(says))));
        String content = "    <dl class=\"facts\">\n" + ConsolePages.facts(facts) + "    </dl>\n"
                + explanation.session().map(known -> list(view, List.of(known))).orElse("");
        return pages.page(view, Tab.USERS, "What is known of the token", content);
    }

    private static String notice(String sentence) {
        return "    <p class=\"notice\" role=\"status\">" + sentence + "</p>\n";
    }

    private String list(View view, List<SessionState> sessions) {
        return sessions.stream()
                .map(shown -> item(view, shown))
                .collect(Collectors.joining("", "    <ul class=\"sessions\">\n", "    </ul>\n"));
    }

    private String item(View view, SessionState shown) {
        return session.fill(Map.of(
                "root", view.root(),
                "id", shown.id().value(),
                "device",
                        HtmlUtils.htmlEscape(shown.live()
                                .map(live -> live.client().userAgent())
                                .orElse("Session " + shown.id().value())),
                "state", words(shown.state()),
                "facts", ConsolePages.facts(facts(shown)),
                "end",
                        shown.isLive() || shown.state() == SessionState.State.UNREADABLE
                                ? end.fill(Map.of(
                                        "root", view.root(),
                                        "form-token", view.operator().formToken(),
                                        "id", shown.id().value()))
                                : ""));
    }

    private static List<Map.Entry<String, String>> facts(SessionState shown) {
        List<Map.Entry<String, String>> facts = new ArrayList<>();
        facts.add(Map.entry("Session", shown.id().value()));
        shown.reason().ifPresent(reason -> facts.add(Map.entry("Reason", HtmlUtils.htmlEscape(reason))));
        shown.ended().ifPresent(at -> facts.add(Map.entry("Ended", ConsolePages.time(at))));
        shown.live().ifPresent(live -> facts.addAll(facts(live)));
        shown.expires().ifPresent(at -> facts.add(Map.entry("Absolute end", ConsolePages.time(at))));
        return facts;
    }

    private static List<Map.Entry<String, String>> facts(Live live) {
        List<Map.Entry<String, String>> facts = new ArrayList<>();
        facts.add(Map.entry("Address", HtmlUtils.htmlEscape(live.client().address())));
        live.provider().ifPresent(name -> facts.add(Map.entry("Provider", HtmlUtils.htmlEscape(name))));
        facts.add(Map.entry("Started", ConsolePages.time(live.created())));
        facts.add(Map.entry("Last rotation", ConsolePages.time(live.lastRotation())));
        facts.add(Map.entry("Bound to its device", live.deviceBound() ? "yes" : "no"));
        facts.add(Map.entry("Idle end", ConsolePages.time(live.idleEnd())));
        return facts;
    }

    private static String parameter(String value) {
        return HtmlUtils.htmlEscape(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static String words(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
    }
}
