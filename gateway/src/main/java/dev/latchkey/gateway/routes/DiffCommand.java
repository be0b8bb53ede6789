package dev.latchkey.gateway.routes;

import dev.latchkey.gateway.yaml.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code routes diff}: what a change of the file means. */
final class DiffCommand {

    private DiffCommand() {}

    /** The exit code: 0 both mean the same, 1 one of them cannot be used, 2 they differ. */
    static int run(RoutesArguments arguments, Printer printer) {
        List<String> words = arguments.exactly("OLD", "NEW");
        List<Fault> faults = new ArrayList<>();
        Optional<RoutesFile> before = read(words.get(0), faults);
        Optional<RoutesFile> after = read(words.get(1), faults);
        if (before.isEmpty() || after.isEmpty()) {
            printer.complain(faults, arguments);
            return 1;
        }
        RoutesDiff diff = RoutesComparison.of(before.get(), after.get());
        if (arguments.json()) {
            printer.json(diff);
        } else {
            printer.lines(DiffText.of(diff));
        }
        return diff.isEmpty() ? 0 : 2;
    }

    private static Optional<RoutesFile> read(String place, List<Fault> faults) {
        return RoutesSource.read(place).fold(Optional::of, wrong -> {
            faults.addAll(wrong);
            return Optional.empty();
        });
    }
}
