package dev.latchkey.gateway.audit;

import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether audit events go anywhere, found without starting a gateway. */
public final class AuditSetting {

    static final String NOWHERE = "latchkey.audit.log is false, and audit events would go nowhere";

    private static final String PREFIX = "latchkey.audit.";

    private AuditSetting() {}

    /**
     * A sentence, if they do not.
     *
     * @throws BindException if a value cannot be read
     */
    public static Optional<String> fault(Environment environment) {
        Binder binder = Binder.get(environment);
        boolean isSomewhere = isSet(binder, "log", true)
                || isSet(binder, "stdout", false)
                || isSet(binder, "stream.enabled", false)
                || AuditConfiguration.hasFile(environment);
        return isSomewhere ? Optional.empty() : Optional.of(NOWHERE);
    }

    private static boolean isSet(Binder binder, String name, boolean otherwise) {
        return binder.bind(PREFIX + name, Boolean.class).orElse(otherwise);
    }
}
