package dev.latchkey.gateway.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether audit events go anywhere, and can, found without starting a gateway. */
public final class AuditSetting {

    static final String NOWHERE = "latchkey.audit.log is false, and audit events would go nowhere";

    static final String UNWRITABLE = "the file of latchkey.audit.file.path cannot be written";

    private static final String PREFIX = "latchkey.audit.";

    private AuditSetting() {}

    /**
     * A sentence, if they do not. Blocks.
     *
     * @throws BindException if a value cannot be read
     */
    public static Optional<String> fault(Environment environment) {
        Binder binder = Binder.get(environment);
        boolean isSomewhere = isSet(binder, "log", true)
                || isSet(binder, "stdout", false)
                || isSet(binder, "stream.enabled", false)
                || AuditConfiguration.hasFile(environment);
        return isSomewhere
                ? Optional.ofNullable(
                                binder.bind(PREFIX + "file.path", Path.class).orElse(null))
                        .filter(file -> AuditConfiguration.hasFile(environment) && !isWritable(file))
                        .map(file -> UNWRITABLE)
                : Optional.of(NOWHERE);
    }

    /** Or could be made. */
    private static boolean isWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return Files.exists(file)
                ? Files.isWritable(file) && !Files.isDirectory(file)
                : folder != null && Files.isWritable(folder);
    }

    private static boolean isSet(Binder binder, String name, boolean otherwise) {
        return binder.bind(PREFIX + name, Boolean.class).orElse(otherwise);
    }
}
