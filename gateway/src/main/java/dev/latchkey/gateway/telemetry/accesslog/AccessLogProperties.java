package dev.latchkey.gateway.telemetry.accesslog;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A line of JSON for each request; docs/operations.md says what is in it.
 *
 * @param mode Which requests get a line: {@code off}, {@code sampled} (a part of them, and all that failed) or
 *     {@code on}
 * @param sampleRate Which part of the requests gets a line where it is {@code sampled}, 0 to 1
 * @param file The file that the lines are appended to, and which may be moved away at any time; without it they go to
 *     the logger {@code latchkey.access}
 * @param path Whether a line has the path of the request; its query is never there
 * @param clientAddress Whether a line has the address of the client
 * @param subjectKeyFile A file of at least 32 bytes with which names of users are hashed, the same on all nodes;
 *     without it, each process makes a key of its own
 */
@ConfigurationProperties("latchkey.access-log")
public record AccessLogProperties(
        @DefaultValue("off") Mode mode,
        @DefaultValue("0.01") double sampleRate,
        @Nullable Path file,
        @DefaultValue("true") boolean path,
        @DefaultValue("false") boolean clientAddress,
        @Nullable Path subjectKeyFile) {

    /** Which requests get a line. */
    public enum Mode {
        /** None. */
        OFF,
        /** A part, and all that failed. */
        SAMPLED,
        /** Each. */
        ON
    }

    public AccessLogProperties {
        if (!(sampleRate >= 0 && sampleRate <= 1)) {
            throw new IllegalArgumentException("latchkey.access-log.sample-rate must lie between 0 and 1");
        }
    }

    /** A sentence, if the key is needed and cannot be used. Blocks. */
    public Optional<String> fault() {
        return isOn() && subjectKeyFile != null ? SubjectHash.fault(subjectKeyFile) : Optional.empty();
    }

    public boolean isOn() {
        return mode != Mode.OFF;
    }
}
