package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import java.util.List;

/**
 * What a gateway would make of files, found without starting one.
 *
 * @param count how many entries they have; 0 if they cannot be used
 * @param errors why they cannot be used; empty: they can
 * @param warnings what may be a mistake
 */
public record FileReport(int count, List<Fault> errors, List<Fault> warnings) {

    public FileReport {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** The report on files that cannot be used. */
    public static FileReport refused(List<Fault> errors) {
        return new FileReport(0, errors, List.of());
    }
}
