package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.reload.Poller;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the keys are, and which of them sign identity tokens.
 *
 * @param directory The keys folder, made by {@code java -jar gateway.jar keys DIR}
 * @param identityAlgorithm Signature algorithm of identity tokens; the folder must hold such a key. If not set, the
 *     newest active key signs, whatever its algorithm
 * @param pollInterval How often the keys folder is read, and how long a change must be unchanged before it is applied,
 *     100 milliseconds to 1 minute
 */
@ConfigurationProperties("latchkey.keys")
record KeysProperties(Path directory, @Nullable IdentityAlgorithm identityAlgorithm, Duration pollInterval) {

    /** Binding fails with a sentence if the folder is not set. */
    KeysProperties(
            @Nullable Path directory,
            @Nullable IdentityAlgorithm identityAlgorithm,
            @DefaultValue("5s") Duration pollInterval) {
        if (directory == null || directory.toString().isBlank()) {
            throw new IllegalArgumentException("latchkey.keys.directory must be set to a folder of keys;"
                    + " java -jar gateway.jar keys DIR makes one");
        }
        Poller.checkInterval("latchkey.keys.poll-interval", pollInterval);
        this.directory = directory;
        this.identityAlgorithm = identityAlgorithm;
        this.pollInterval = pollInterval;
    }
}
