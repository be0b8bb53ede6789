package dev.latchkey.gateway.audit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where audit events go; docs/audit.md says what they are. Several places may be chosen at once.
 *
 * @param log Whether audit events go to the logger {@code latchkey.audit}, and with it to the log of the application
 * @param stdout Whether audit events go to the standard output, each as a line of JSON by the Elastic Common Schema
 */
@ConfigurationProperties("latchkey.audit")
record AuditProperties(
        @DefaultValue("true") boolean log,
        @DefaultValue("false") boolean stdout,
        @DefaultValue AuditFile file) {

    /**
     * A file of their own.
     *
     * @param path A file that audit events are appended to, each as a line of JSON by the Elastic Common Schema; its
     *     folder must be there. Without it there is no such file
     * @param maxSize The size at which the file is renamed to one with {@code .1} behind its name, and a new one begun,
     *     1 MB to 10 GB
     * @param maxFiles How many files there are in all before the oldest is removed, 2 to 1000
     */
    record AuditFile(
            @Nullable Path path,
            @DefaultValue("100MB") DataSize maxSize,
            @DefaultValue("10") int maxFiles) {

        private static final DataSize SMALLEST = DataSize.ofMegabytes(1);
        private static final DataSize LARGEST = DataSize.ofGigabytes(10);
        private static final int MOST = 1000;

        AuditFile {
            if (maxSize.compareTo(SMALLEST) < 0 || maxSize.compareTo(LARGEST) > 0) {
                throw new IllegalArgumentException("latchkey.audit.file.max-size must lie between 1MB and 10GB");
            }
            if (maxFiles < 2 || maxFiles > MOST) {
                throw new IllegalArgumentException("latchkey.audit.file.max-files must lie between 2 and " + MOST);
            }
        }
    }
}
