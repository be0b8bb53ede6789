package dev.latchkey.gateway.user;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the users are written down.
 *
 * @param file The users file: a path, or a location that begins with {@code classpath:} or {@code file:}
 * @param pollInterval How often the users file is read, 100 milliseconds to 1 minute
 */
@ConfigurationProperties("latchkey.users")
record UsersProperties(String file, Duration pollInterval) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Binding fails here, with a sentence, where the file is not set. */
    UsersProperties(@Nullable String file, @DefaultValue("2s") Duration pollInterval) {
        if (file == null || file.isBlank()) {
            throw new IllegalArgumentException("latchkey.users.file must be set to a file of users;"
                    + " java -jar gateway.jar users hash makes the hashes in it");
        }
        if (pollInterval.compareTo(SHORTEST) < 0 || pollInterval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.users.poll-interval must lie between 100ms and 1m");
        }
        this.file = file;
        this.pollInterval = pollInterval;
    }
}
