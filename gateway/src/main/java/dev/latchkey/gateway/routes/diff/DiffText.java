package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.RouteDescription;
import dev.latchkey.gateway.routes.definition.RouteField;
import dev.latchkey.gateway.routes.diff.RoutesDiff.FieldChange;
import dev.latchkey.gateway.routes.diff.RoutesDiff.Kind;
import dev.latchkey.gateway.routes.diff.RoutesDiff.RequestChange;
import dev.latchkey.gateway.routes.diff.RoutesDiff.RouteChange;
import dev.latchkey.gateway.routes.diff.RoutesDiff.Treatment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A difference in lines for people. */
public final class DiffText {

    private static final Map<Kind, String> MARKS =
            Map.of(Kind.REMOVED, "- ", Kind.ADDED, "+ ", Kind.MOVED, "> ", Kind.CHANGED, "~ ");

    private final List<String> lines = new ArrayList<>();

    private DiffText() {}

    public static List<String> of(RoutesDiff diff) {
        DiffText text = new DiffText();
        if (diff.isEmpty()) {
            text.lines.add("Both mean the same.");
            return text.lines;
        }
        diff.routes().forEach(text::add);
        text.lines.add("");
        text.lines.add(
                diff.requests().isEmpty()
                        ? "No request gets another rule or another backend."
                        : "Requests that get another rule or another backend (x stands for anything):");
        diff.requests().forEach(text::add);
        if (!diff.complete()) {
            text.lines.add("There may be more: not every pattern could be tried, or not every finding is listed.");
        }
        return text.lines;
    }

    private void add(RouteChange change) {
        lines.add(MARKS.get(change.kind()) + change.id() + " "
                + RouteDescription.words(change.kind().name()));
        change.fields().forEach(field -> lines.add("    " + field.name() + ": " + text(change.kind(), field)));
    }

    private static String text(Kind kind, FieldChange field) {
        if (kind == Kind.ADDED) {
            return text(field.after());
        }
        if (kind == Kind.REMOVED) {
            return text(field.before());
        }
        return field.before().equals(field.after())
                ? text(field.before()) + " with another value, which is not shown"
                : text(field.before()) + " -> " + text(field.after());
    }

    private static String text(Optional<Object> shown) {
        return shown.map(RouteField::text).orElse("(not said)");
    }

    private void add(RequestChange change) {
        lines.add("  " + String.join(", ", change.methods()) + " " + String.join(", ", change.urls()));
        lines.add("    before  " + text(change.before()));
        lines.add("    after   " + text(change.after()));
    }

    private static String text(Treatment treatment) {
        return treatment
                .route()
                .map(route -> route + ": " + treatment.rule() + " -> " + treatment.to())
                .orElse(treatment.rule());
    }
}
