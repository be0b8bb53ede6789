package dev.latchkey.gateway.routes;

import java.util.List;

/** Stops the start because of the routes file. */
final class RoutesFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RoutesFileException(List<String> reasons) {
        super("The routes file cannot be used:\n" + String.join("\n", reasons));
    }
}
