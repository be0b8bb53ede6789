package dev.latchkey.gateway.keys;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the keys are and what they are used for.
 *
 * @param directory The keys folder, made by {@code java -jar gateway.jar keys DIR}
 * @param identityAlgorithm Signature algorithm of identity tokens; the folder must hold such a key
 * @param pollInterval How often the keys folder is read, 100 milliseconds to 1 minute
 */
@ConfigurationProperties("latchkey.keys")
record KeysProperties(Path directory, IdentityAlgorithm identityAlgorithm, Duration pollInterval) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Binding fails here, with a sentence, where the folder is not set. */
    KeysProperties(
            @Nullable Path directory,
            @DefaultValue("RS256") IdentityAlgorithm identityAlgorithm,
            @DefaultValue("5s") Duration pollInterval) {
        if (directory == null || directory.toString().isBlank()) {
            throw new IllegalArgumentException("latchkey.keys.directory must be set to a folder of keys;"
                    + " java -jar gateway.jar keys DIR makes one");
        }
        if (pollInterval.compareTo(SHORTEST) < 0 || pollInterval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("latchkey.keys.poll-interval must lie between 100ms and 1m");
        }
        this.directory = directory;
        this.identityAlgorithm = identityAlgorithm;
        this.pollInterval = pollInterval;
    }
}
