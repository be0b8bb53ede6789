package dev.latchkey.gateway.history;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a person needs who has to find out why a promise did not hold. */
final class Report {

    private static final int BEFORE = 25;
    private static final int VIOLATIONS = 3;

    private Report() {}

    static String of(History history, List<Violation> violations) {
        return violations.stream()
                .limit(VIOLATIONS)
                .map(violation ->
                        violation + "\n  before it, of the same session:\n" + excerpt(history, violation.exchange()))
                .collect(Collectors.joining(
                        "\n", violations.size() + " invariants did not hold, the first of them:\n", ""));
    }

    /** The last exchanges of the sessions concerned that were sent before the answer came. */
    private static String excerpt(History history, Exchange exchange) {
        Set<String> sessions = exchange.sessions().collect(Collectors.toSet());
        List<Exchange> before = history.exchanges().stream()
                .filter(other -> other.number() != exchange.number())
                .filter(other -> other.travel().trueSent() <= exchange.travel().trueAnswered())
                .filter(other -> other.sessions().anyMatch(sessions::contains))
                .toList();
        return before.subList(Math.max(0, before.size() - BEFORE), before.size()).stream()
                .map(earlier -> "  " + earlier)
                .collect(Collectors.joining("\n"));
    }
}
