package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.logging.ThrottledLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Hooks;

/**
 * Logs errors that come after all subscribers left: a client that left while Redis failed, or a backend whose
 * connection broke twice. The first error was handled already; without this each would be a stack trace.
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
