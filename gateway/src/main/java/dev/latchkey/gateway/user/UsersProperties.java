package dev.latchkey.gateway.user;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the users are.
 *
 * @param file a path or a Spring resource location; must be set
 * @param pollInterval how often the file is looked at for a change
 */
@ConfigurationProperties("latchkey.users")
record UsersProperties(
        @Nullable String file, @DefaultValue("2s") Duration pollInterval) {

    UsersProperties {
        if (pollInterval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("latchkey.users.poll-interval must be at least 100ms");
        }
    }
}
