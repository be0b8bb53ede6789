package dev.latchkey.gateway.routes.command;

import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.diff.DiffText;
import dev.latchkey.gateway.routes.diff.RoutesComparison;
import dev.latchkey.gateway.routes.diff.RoutesDiff;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.yaml.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code routes diff}: what a change of the file means. */
final class DiffCommand {

    private DiffCommand() {}

    /** The exit code: 0 both mean the same, 1 one of them cannot be used, 2 they differ. */
    static int run(String oldPlace, String newPlace, Printer printer) {
        List<Fault> faults = new ArrayList<>();
        Optional<RoutesFile> before = read(oldPlace, faults);
        Optional<RoutesFile> after = read(newPlace, faults);
        if (before.isEmpty() || after.isEmpty()) {
            return printer.refuse(faults);
        }
        RoutesDiff diff = RoutesComparison.of(before.get(), after.get());
        printer.print(diff, () -> DiffText.of(diff));
        return diff.isEmpty() ? 0 : 2;
    }

    private static Optional<RoutesFile> read(String place, List<Fault> faults) {
        return RoutesReader.read(place).fold(Optional::of, wrong -> {
            faults.addAll(wrong);
            return Optional.empty();
        });
    }
}
