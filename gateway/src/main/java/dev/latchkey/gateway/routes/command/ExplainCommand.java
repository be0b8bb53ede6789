package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.explain.AskedRequest;
import dev.latchkey.gateway.routes.explain.RouteExplanation;
import dev.latchkey.gateway.routes.explain.RouteExplanation.MatchingRoute;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** {@code routes explain}: what becomes of one request. */
final class ExplainCommand {

    private ExplainCommand() {}

    /** The exit code: 0 explained, whatever becomes of the request; 1 the file cannot be used. */
    static int run(String place, ValidationContext context, AskedRequest asked, Printer printer) {
        return RoutesReader.read(place, context)
                .fold(file -> explain(RouteExplanation.of(file, context.paths(), asked), printer), printer::refuse);
    }

    /** @throws IllegalArgumentException if one is not a header */
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

    private static int explain(RouteExplanation explanation, Printer printer) {
        return printer.print(explanation, () -> lines(explanation));
    }

    private static List<String> lines(RouteExplanation explanation) {
        List<String> lines = new ArrayList<>();
        lines.add("request  " + explanation.request());
        explanation.answer().ifPresent(answer -> lines.add("answer   " + answer));
        explanation.routes().forEach(taken -> add(taken, lines));
        return lines;
    }

    private static void add(MatchingRoute taken, List<String> lines) {
        String share = taken.share().map(weight -> ", weight " + weight).orElse("");
        lines.add("route    " + taken.route() + " (" + taken.place() + ")" + share);
        lines.add("rule     " + taken.rule());
        taken.warnings().forEach(warning -> lines.add("warning  " + warning));
        taken.answer().ifPresent(answer -> lines.add("answer   " + answer));
        taken.backend().ifPresent(backend -> {
            lines.add("backend  " + backend.request());
            backend.sslBundle().ifPresent(bundle -> lines.add("tls      ssl-bundle " + bundle));
            backend.sets().forEach(header -> lines.add("sets     " + header));
            backend.removes().forEach(header -> lines.add("removes  " + header));
        });
    }
}
