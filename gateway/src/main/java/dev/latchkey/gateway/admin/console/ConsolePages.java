package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.admin.Actor;
import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.page.Template;
import dev.latchkey.gateway.problem.Problem;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** What all pages of the console share, and the one to sign in. Each value is escaped. */
@Component
@Conditional(AdminSetting.Present.class)
final class ConsolePages {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /** By the problem's name; for the others the title is enough. */
    private static final Map<String, String> ADVICE = Map.of(
            "not-found", "No session of this id is known, or none any more.",
            "cross-site", "No page of yours has sent this form: nothing was done. Open the page anew, and do it there.",
            "unavailable",
                    "Redis does not answer this node. What you wanted may be done in part: do it again, which does no"
                            + " harm.");

    private final Template page = Template.of("admin/console/page.html");
    private final Template bar = Template.of("admin/console/bar.html");
    private final Template signIn = Template.of("admin/console/sign-in.html");
    private final Template certificate = Template.of("admin/console/certificate.html");
    private final String stylesheet = Template.of("signin/latchkey.css").text()
            + Template.of("admin/console/console.css").text();

    ConsolePages() {}

    String stylesheet() {
        return stylesheet;
    }

    /**
     * The page to sign in.
     *
     * @param root the path of the console
     * @param certified who a certificate says that they are
     * @param wrong why they are not in
     */
    String signIn(String root, Optional<Actor> certified, Optional<String> wrong) {
        Map<String, String> values = new HashMap<>();
        values.put("root", root);
        wrong.map(HtmlUtils::htmlEscape).ifPresent(sentence -> {
            values.put("alert", "<p class=\"alert\" role=\"alert\" id=\"problem\">" + sentence + "</p>");
            values.put("described", " aria-describedby=\"problem\"");
        });
        certified.ifPresent(actor -> values.put(
                "certificate", certificate.fill(Map.of("root", root, "actor", HtmlUtils.htmlEscape(actor.name())))));
        return page(root, (wrong.isPresent() ? "Error: " : "") + "Sign in", "Sign in", "", signIn.fill(values));
    }

    /** A page for an operator. */
    String page(View view, Tab tab, String heading, String content) {
        Map<String, String> values = new HashMap<>();
        values.put("root", view.root());
        values.put(tab.place, " aria-current=\"page\"");
        values.put("form-token", view.operator().formToken());
        values.put("actor", HtmlUtils.htmlEscape(view.operator().actor().name()));
        values.put("ends", CLOCK.format(view.operator().ends()));
        return page(view.root(), heading, heading, bar.fill(values), content);
    }

    /** In place of what an operator wanted. */
    String problem(View view, Problem problem) {
        String advice = ADVICE.getOrDefault(problem.name(), "");
        return page(view, Tab.USERS, problem.title(), advice.isEmpty() ? "" : "    <p>" + advice + "</p>\n");
    }

    private String page(String root, String title, String heading, String bar, String content) {
        return page.fill(Map.of(
                "root", root,
                "title", HtmlUtils.htmlEscape(title),
                "heading", HtmlUtils.htmlEscape(heading),
                "bar", bar,
                "content", content));
    }

    /** A list of facts: their names as they are, their values as HTML. */
    static String facts(List<Map.Entry<String, String>> facts) {
        StringBuilder html = new StringBuilder();
        facts.forEach(fact -> html.append("            <dt>")
                .append(fact.getKey())
                .append("</dt><dd>")
                .append(fact.getValue())
                .append("</dd>\n"));
        return html.toString();
    }

    /** A table whose cells are HTML. */
    static String table(String caption, List<String> heads, List<List<String>> rows) {
        StringBuilder html = new StringBuilder("    <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(HtmlUtils.htmlEscape(caption))
                .append("\"><table>\n      <caption>")
                .append(HtmlUtils.htmlEscape(caption))
                .append("</caption>\n      <thead><tr>");
        heads.forEach(head -> html.append("<th scope=\"col\">").append(head).append("</th>"));
        html.append("</tr></thead>\n      <tbody>\n");
        rows.forEach(row -> {
            html.append("        <tr>");
            row.forEach(cell -> html.append("<td>").append(cell).append("</td>"));
            html.append("</tr>\n");
        });
        return html.append("      </tbody>\n    </table></div>\n").toString();
    }

    static String time(Instant instant) {
        return "<time datetime=\"" + instant + "\">" + TIME.format(instant) + "</time>";
    }

    /** Where a page is shown, and to whom. */
    record View(String root, OperatorSession operator) {}

    /** The parts of the console. */
    enum Tab {
        USERS("users"),
        ROUTES("routes"),
        KEYS("keys");

        private final String place;

        Tab(String place) {
            this.place = place;
        }
    }
}
