package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.explain.AskedRequest;
import dev.latchkey.gateway.routes.explain.RouteExplanation;
import dev.latchkey.gateway.routes.explain.RouteExplanation.Taken;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** {@code routes explain}: what becomes of one request. */
final class ExplainCommand {

    private ExplainCommand() {}

    /** The exit code: 0 explained, whatever becomes of the request; 1 the file cannot be used. */
    static int run(String place, AskedRequest asked, boolean json, Printer printer) {
        return RoutesReader.read(place).<Integer>fold(file -> explain(file, asked, json, printer), it -> {
            printer.complain(it, json);
            return 1;
        });
    }

    /** @throws IllegalArgumentException where one is no header */
    static HttpHeaders headers(List<String> lines) {
        HttpHeaders headers = new HttpHeaders();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--header must be like 'Name: value'");
            }
            headers.add(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static int explain(RoutesFile file, AskedRequest asked, boolean json, Printer printer) {
        RouteExplanation explanation = RouteExplanation.of(file, asked);
        if (json) {
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
