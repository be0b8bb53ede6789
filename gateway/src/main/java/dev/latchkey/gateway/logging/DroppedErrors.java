package dev.latchkey.gateway.logging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Hooks;

/**
 * Logs errors that come after all subscribers left: a client that left while Redis failed, or a backend whose
 * connection broke twice. The first error was handled already; without this each would be a stack trace. Reactor has
 * one such hook for the whole process, to which each call adds: it is installed once.
 */
@Component
final class DroppedErrors {

    private static final Logger LOGGER = LoggerFactory.getLogger(DroppedErrors.class);
    private static final ThrottledLog LOG = new ThrottledLog(LOGGER, Level.DEBUG);

    static {
        Hooks.onErrorDropped(DroppedErrors::drop);
    }

    private static void drop(Throwable error) {
        if (error instanceof Error fatal) {
            LOGGER.error("An error came after its subscribers left", fatal);
        } else {
            LOG.write(
                    "An error came after its subscribers left", error.getClass().getSimpleName());
        }
    }
}
