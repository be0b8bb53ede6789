package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.Poller;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the users are listed.
 *
 * @param file The users file: a path, or a location that begins with {@code classpath:} or {@code file:}
 * @param pollInterval How often the users file is read, and how long a change must be unchanged before it is applied,
 *     100 milliseconds to 1 minute
 */
@ConfigurationProperties("latchkey.users")
record UsersProperties(String file, Duration pollInterval) {

    /** Binding fails with a sentence if the file is not set. */
    UsersProperties(@Nullable String file, @DefaultValue("2s") Duration pollInterval) {
        if (file == null || file.isBlank()) {
            throw new IllegalArgumentException("latchkey.users.file must be set to a file of users;"
                    + " java -jar gateway.jar users hash makes the hashes in it");
        }
        Poller.checkInterval("latchkey.users.poll-interval", pollInterval);
        this.file = file;
        this.pollInterval = pollInterval;
    }
}
