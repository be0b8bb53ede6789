package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.yaml.Fault;
import java.util.List;

/**
 * What a file would mean for a gateway, found out without one.
 *
 * @param count how many entries it has; 0 where it cannot be used
 * @param errors why it cannot be used; none: it can
 * @param warnings what is odd and may be meant
 */
public record FileReport(int count, List<Fault> errors, List<Fault> warnings) {

    public FileReport {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** Of a file that cannot be used. */
    public static FileReport refused(List<Fault> errors) {
        return new FileReport(0, errors, List.of());
    }
}
