package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.Poller;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the users are kept.
 *
 * @param source Where users with passwords are kept: {@code file}, {@code postgresql}, {@code mongodb} or {@code ldap}
 * @param file The users file: a path, or a location that begins with {@code classpath:} or {@code file:}. Required
 *     unless users are kept elsewhere or sign in with OpenID Connect providers; without any source nobody signs in with
 *     a password
 * @param pollInterval How often the users file is read, and how long a change must be unchanged before it is applied;
 *     or how often a store is asked for changes of users who have sessions. 100 milliseconds to 1 minute; 2 s for a
 *     file and 10 s for a store if not set
 * @param timeout How long one question to a store may take, 100 milliseconds to 30 seconds; after that the request is
 *     answered with 503
 * @param cacheTime How long the answer of a store counts for rotations of the same user, 0 to 1 minute
 * @param mostGone The largest part of the users who have sessions, in percent, that may be missing from a store when it
 *     is asked again, 1 to 100. If more are missing, none of their sessions ends, because it is probably a mistake. One
 *     user may always be missing
 */
@ConfigurationProperties("latchkey.users")
public record UsersProperties(
        @DefaultValue("file") UserSource source,
        @Nullable String file,
        @Nullable Duration pollInterval,
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("5s") Duration cacheTime,
        @DefaultValue("50") int mostGone) {

    private static final Duration FILE_INTERVAL = Duration.ofSeconds(2);
    private static final Duration STORE_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST_CACHE = Duration.ofMinutes(1);

    public UsersProperties {
        pollInterval =
                Objects.requireNonNullElse(pollInterval, source == UserSource.FILE ? FILE_INTERVAL : STORE_INTERVAL);
        Poller.checkInterval("latchkey.users.poll-interval", pollInterval);
        check(
                timeout.compareTo(SHORTEST_TIMEOUT) >= 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
                "latchkey.users.timeout must lie between 100ms and 30s");
        check(
                !cacheTime.isNegative() && cacheTime.compareTo(LONGEST_CACHE) <= 0,
                "latchkey.users.cache-time must lie between 0s and 1m");
        check(mostGone >= 1 && mostGone <= 100, "latchkey.users.most-gone must lie between 1 and 100");
    }

    /** How often a file is read, or a store asked for changes. */
    @Override
    public Duration pollInterval() {
        return Objects.requireNonNull(pollInterval);
    }

    private static void check(boolean isValid, String sentence) {
        if (!isValid) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
