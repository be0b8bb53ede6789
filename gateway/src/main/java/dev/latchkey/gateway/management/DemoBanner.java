package dev.latchkey.gateway.management;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says loudly that this is a demo: its passwords are known to everybody who read the documentation. */
@Component
@Profile("demo")
final class DemoBanner {

    private static final Logger LOGGER = LoggerFactory.getLogger("latchkey.demo");

    private final Environment environment;

    DemoBanner(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void announce() {
        LOGGER.warn(
                "THIS IS A DEMO: known passwords, no TLS, keys and sessions that end with this process."
                        + " http://localhost:{}/ with demo/demo or admin/admin",
                environment.getProperty("local.server.port"));
    }
}
