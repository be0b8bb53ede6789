package dev.latchkey.gateway.routes;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the operations team's routes are.
 *
 * @param file a path, or {@code classpath:} and a name; there is no default
 */
@ConfigurationProperties("latchkey.routes")
record RoutesProperties(@DefaultValue("") String file) {

    RoutesProperties {
        if (file.isBlank()) {
            throw new IllegalArgumentException(
                    "latchkey.routes.file must be set: the file that says which path goes to which backend");
        }
    }
}
