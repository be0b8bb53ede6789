package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.routes.RouteExplanation.Taken;
import java.util.ArrayList;
import java.util.List;

/** {@code routes explain}: what becomes of one request. */
final class ExplainCommand {

    private ExplainCommand() {}

    /** The exit code: 0 explained, whatever becomes of the request; 1 the file cannot be used. */
    static int run(RoutesArguments arguments, Printer printer) {
        List<String> words = arguments.exactly("FILE", "METHOD", "URL");
        AskedRequest asked = AskedRequest.parse(words.get(1), words.get(2), arguments.headers());
        return RoutesSource.read(words.get(0)).<Integer>fold(file -> explain(file, asked, arguments, printer), it -> {
            printer.complain(it);
            return 1;
        });
    }

    private static int explain(RoutesFile file, AskedRequest asked, RoutesArguments arguments, Printer printer) {
        RouteExplanation explanation = RouteExplanation.of(file, asked);
        if (arguments.json()) {
            printer.json(explanation);
        } else {
            printer.lines(lines(explanation));
        }
        return 0;
    }

    private static List<String> lines(RouteExplanation explanation) {
        List<String> lines = new ArrayList<>();
        lines.add("request  " + explanation.request());
        explanation.answer().ifPresent(it -> lines.add("answer   " + it));
        explanation.routes().forEach(it -> add(it, lines));
        return lines;
    }

    private static void add(Taken taken, List<String> lines) {
        String share = taken.share().map(it -> ", weight " + it).orElse("");
        lines.add("route    " + taken.route() + " (" + taken.place() + ")" + share);
        lines.add("rule     " + taken.rule());
        lines.add("backend  " + taken.backend().request());
        taken.backend().sets().forEach(it -> lines.add("sets     " + it));
        taken.backend().removes().forEach(it -> lines.add("removes  " + it));
    }
}
