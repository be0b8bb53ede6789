package dev.latchkey.gateway.management;

import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps a command that reads the properties of a gateway from its log file: made by whoever runs the command, perhaps
 * root, it could not be written by the gateway, whose start would fail.
 */
final class WithoutLogFile implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        event.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "without a log file", Map.of("logging.file.name", "", "logging.file.path", "")));
    }

    /** Behind what reads the files of properties, and before what sets up logging. */
    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER - 1;
    }
}
