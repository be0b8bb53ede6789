package dev.latchkey.gateway.admin.console;

import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.admin.console.ConsolePages.Tab;
import dev.latchkey.gateway.admin.console.ConsolePages.View;
import dev.latchkey.gateway.keys.KeysReport;
import dev.latchkey.gateway.keys.KeysReport.KeyState;
import dev.latchkey.gateway.routes.reload.RoutesReport;
import dev.latchkey.gateway.routes.reload.RoutesReport.BackendReport;
import dev.latchkey.gateway.routes.reload.RoutesReport.RouteReport;
import dev.latchkey.gateway.routes.reload.RoutesStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** What an operator sees of this node: its routes and their backends, and how far a roll-over of keys has come. */
@Component
@Conditional(AdminSetting.Present.class)
final class NodePages {

    /** More would take a browser long; the endpoint for routes has all of them. */
    private static final int MOST_ROUTES = 500;

    private final ConsolePages pages;
    private final KeysReport keys;
    private final RoutesStatus routes;

    NodePages(ConsolePages pages, KeysReport keys, RoutesStatus routes) {
        this.pages = pages;
        this.keys = keys;
        this.routes = routes;
    }

    String keys(View view) {
        List<List<String>> rows = keys.all().stream().map(NodePages::row).toList();
        return pages.page(
                view,
                Tab.KEYS,
                "Keys of this node",
                ConsolePages.table("Keys", List.of("For", "Key id", "Signs from", "Now", "Retires"), rows));
    }

    private static List<String> row(KeyState key) {
        return List.of(
                switch (key.use()) {
                    case ACCESS_TOKENS -> "access tokens";
                    case REFRESH_TOKENS -> "refresh tokens";
                    case IDENTITY_TOKENS -> "identity tokens";
                },
                HtmlUtils.htmlEscape(key.id()),
                ConsolePages.time(key.activateAt()),
                switch (key.state()) {
                    case SIGNS -> "<strong>signs</strong>";
                    case SIGNS_LATER -> "will sign";
                    case VERIFIES -> "verifies only";
                },
                key.retiresAt().map(ConsolePages::time).orElse("no other key follows"));
    }

    /** To describe many routes takes its time: not for an event loop. */
    String routes(View view) {
        RoutesReport report = routes.report(MOST_ROUTES);
        StringBuilder content = new StringBuilder("    <dl class=\"facts\">\n")
                .append(ConsolePages.facts(List.of(
                        Map.entry("Version", HtmlUtils.htmlEscape(report.version())),
                        Map.entry("Active since", ConsolePages.time(report.loadedAt())))))
                .append("    </dl>\n");
        report.lastAttempt()
                .errors()
                .forEach(error -> content.append("    <p class=\"alert\">Not applied: ")
                        .append(HtmlUtils.htmlEscape(error.toString()))
                        .append("</p>\n"));
        report.warnings()
                .forEach(warning -> content.append("    <p class=\"notice\">Warning: ")
                        .append(HtmlUtils.htmlEscape(warning.toString()))
                        .append("</p>\n"));
        List<List<String>> rows = report.routes().stream().map(NodePages::row).toList();
        String caption = report.count() > MOST_ROUTES
                ? "The first " + MOST_ROUTES + " of " + report.count() + " routes"
                : "Routes, in the order in which they are tried";
        content.append(ConsolePages.table(caption, List.of("Route", "Match", "Entry", "Requests", "Backends"), rows));
        return pages.page(view, Tab.ROUTES, "Routes of this node", content.toString());
    }

    private static List<String> row(RouteReport route) {
        List<String> cells = new ArrayList<>();
        cells.add("<strong>" + HtmlUtils.htmlEscape(route.id()) + "</strong>");
        cells.add(HtmlUtils.htmlEscape(fields(route, "match.")));
        cells.add(HtmlUtils.htmlEscape(route.rule()));
        cells.add(Long.toString(route.requests()));
        cells.add(
                route.backends().isEmpty()
                        ? HtmlUtils.htmlEscape(route.fields()
                                .getOrDefault("to", "answers by itself")
                                .toString())
                        : route.backends().stream().map(NodePages::backend).collect(Collectors.joining("<br>")));
        return cells;
    }

    private static String fields(RouteReport route, String prefix) {
        return route.fields().entrySet().stream()
                .filter(field -> field.getKey().startsWith(prefix))
                .map(field -> field.getKey().substring(prefix.length()) + " " + field.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String backend(BackendReport backend) {
        String state = HtmlUtils.htmlEscape(backend.state());
        return HtmlUtils.htmlEscape(backend.address()) + " "
                + (backend.state().equals("available") ? state : "<strong>" + state + "</strong>");
    }
}
