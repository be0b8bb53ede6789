package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.Poller;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the users are listed.
 *
 * @param file The users file: a path, or a location that begins with {@code classpath:} or {@code file:}. Required
 *     unless users sign in with OpenID Connect providers; without it nobody signs in with a password
 * @param pollInterval How often the users file is read, and how long a change must be unchanged before it is applied,
 *     100 milliseconds to 1 minute
 */
@ConfigurationProperties("latchkey.users")
record UsersProperties(
        @Nullable String file, @DefaultValue("2s") Duration pollInterval) {

    UsersProperties {
        Poller.checkInterval("latchkey.users.poll-interval", pollInterval);
    }
}
