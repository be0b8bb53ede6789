package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.stream.Collectors;

/** Stops the start because of the routes file. */
final class RoutesFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RoutesFileException(List<Fault> faults) {
        super("The routes file cannot be used:\n"
                + faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    }
}
