package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.admin.AdminEvents;
import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.admin.console.ConsolePages.View;
import dev.latchkey.gateway.audit.AuditEvent.Fact;
import dev.latchkey.gateway.audit.stream.EventPage;
import dev.latchkey.gateway.audit.stream.EventPage.StoredEvent;
import dev.latchkey.gateway.audit.stream.EventQuery;
import dev.latchkey.gateway.token.PublicSessionId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/** The audit events below what an operator sees of a user or a session. */
@Component
@Conditional(AdminSetting.Present.class)
final class EventPages {

    private static final int SHOWN = 50;
    private static final Set<String> COLUMNS = Set.of("session", "reason", "subject");

    private static final String NOT_KEPT =
            sentence("Events are in the audit log only: this gateway keeps none to be" + " shown here.");
    private static final String AWAY = sentence("They cannot be read right now.");
    private static final String NONE = sentence("There are none.");
    private static final String NONE_YET = sentence("There are none among the newest events.");

    private final AdminEvents events;

    EventPages(AdminEvents events) {
        this.events = events;
    }

    private static String sentence(String text) {
        return "    <p>" + text + "</p>\n";
    }

    /** A part of a page; that they cannot be read must not hide the rest of it. */
    Mono<String> below(ServerRequest request, View view, EventQuery query) {
        String heading = "    <h2>Events</h2>\n";
        if (!events.areKept()) {
            return Mono.just(heading + NOT_KEPT);
        }
        Optional<String> before = request.queryParam("before").filter(EventPage::isPlace);
        return events.page(view.operator().actor(), query, before, SHOWN)
                .map(result -> heading + result.fold(page -> shown(view, query, before, page), problem -> AWAY));
    }

    private static String shown(View view, EventQuery query, Optional<String> before, EventPage page) {
        String older = page.next()
                .map(next -> "    <p><a href=\"" + view.root() + place(query) + "&amp;before=" + next
                        + "\">Older events</a></p>\n")
                .orElse("");
        if (page.events().isEmpty()) {
            return (older.isEmpty() && before.isEmpty() ? NONE : NONE_YET) + older;
        }
        List<String> heads = List.of("Time", "Event", "Reason", "Session", "More");
        List<List<String>> rows =
                page.events().stream().map(event -> row(view, event)).toList();
        return ConsolePages.table(
                        before.isPresent() ? "Older events, the newest first" : "The newest events first", heads, rows)
                + older;
    }

    private static String place(EventQuery query) {
        return query.session()
                .map(session -> "/session?id=" + session.value())
                .or(() -> query.subject()
                        .map(subject -> "/users?user="
                                + HtmlUtils.htmlEscape(URLEncoder.encode(subject.value(), StandardCharsets.UTF_8))))
                .orElseThrow();
    }

    private static List<String> row(View view, StoredEvent stored) {
        List<Fact> facts = stored.facts();
        return List.of(
                ConsolePages.time(stored.at()),
                HtmlUtils.htmlEscape(stored.name()),
                HtmlUtils.htmlEscape(value(facts, "reason")),
                session(view, value(facts, "session")),
                facts.stream()
                        .filter(fact -> !COLUMNS.contains(fact.name()))
                        .map(fact -> HtmlUtils.htmlEscape(fact.name() + ": " + fact.value()))
                        .collect(Collectors.joining("<br>")));
    }

    private static String value(List<Fact> facts, String name) {
        return facts.stream()
                .filter(fact -> fact.name().equals(name))
                .map(Fact::value)
                .findFirst()
                .orElse("");
    }

    private static String session(View view, String id) {
        return PublicSessionId.isWellFormed(id)
                ? "<a href=\"" + view.root() + "/session?id=" + id + "\">" + id + "</a>"
                : HtmlUtils.htmlEscape(id);
    }
}
